import { patientsApi } from '@archwire/contracts/api/patients';
import {
  EmptyState,
  ErrorState,
  Link,
  PageHeader,
  personName,
  Skeleton,
  Status,
  useFormat,
  useText,
} from '@archwire/ui';
import { useQueryClient } from '@tanstack/react-query';
import { Images, ScanEye } from 'lucide-react';
import { useCallback, useState } from 'react';
import { useLocation, useNavigate, useParams, useSearchParams } from 'react-router';
import { endpointKey, useEndpoint } from '../api/use-endpoint.ts';
import { useMay } from '../api/use-me.ts';
import { ExportActions } from '../exports/export-actions.tsx';
import { useLiveEvents } from '../live/use-live-events.ts';
import { ImageViewer } from './image-viewer.tsx';
import { ReassignStudy } from './reassign-study.tsx';
import type { Study, StudyImage } from './study-image.ts';
import { StudyFacts } from './study-facts.tsx';
import { studyMessages } from './study-messages.ts';
import styles from './study-page.module.css';
import { StudySeries } from './study-series.tsx';
import { usePatientWords } from './use-patient-words.ts';
import { useSoon } from './use-soon.ts';
import { viewerAddress } from './viewer-address.ts';

const WATCH_MS = 3000;
const OPENED_HERE = { opened: true };

/** One study: its images by series, each to be looked into, and what is known about it. */
export const StudyPage = () => {
  const { studyId = '' } = useParams();
  const text = useText(studyMessages);
  const client = useQueryClient();
  const query = useEndpoint(
    patientsApi.study,
    { params: { id: studyId } },
    { refetchInterval: ({ state }) => (state.data?.arrival === 'complete' ? false : WATCH_MS) },
  );
  const refresh = useSoon(
    () =>
      void client.invalidateQueries({
        queryKey: endpointKey(patientsApi.study, { params: { id: studyId } }),
      }),
  );
  useLiveEvents(['study.changed', 'derivative.made', 'quarantine.changed'], (event) => {
    if (event?.studyId === undefined || event.studyId === studyId) refresh();
  });
  if (query.data === undefined) {
    return query.isError ? (
      <ErrorState error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <Skeleton height={320} />
    );
  }
  return (
    <StudyView key={studyId} study={query.data} title={query.data.description?.trim() || text('study')} />
  );
};

const StudyView = ({ study, title }: { readonly study: Study; readonly title: string }) => {
  const text = useText(studyMessages);
  const format = useFormat();
  const words = usePatientWords();
  const mayReconcile = useMay('imaging.reconcile.write');
  const navigate = useNavigate();
  const { state }: { readonly state: unknown } = useLocation();
  const [search, setSearch] = useSearchParams();
  const [further, setFurther] = useState<Readonly<Record<string, readonly StudyImage[]>>>({});
  const note = useCallback(
    (seriesId: string, images: readonly StudyImage[]) =>
      setFurther((known) => ({ ...known, [seriesId]: images })),
    [],
  );
  const images = study.series.flatMap(({ seriesId, images: first }) => [
    ...first,
    ...(further[seriesId] ?? []),
  ]);
  const open = images.find(({ instanceId }) => instanceId === search.get('image'));
  const show = (image: StudyImage, replace: boolean): void => {
    const next = new URLSearchParams(search);
    next.set('image', image.instanceId);
    setSearch(next, { replace, preventScrollReset: true, state: OPENED_HERE });
  };
  const close = (): void => {
    // The way back of the browser closes the image too; both leave the history as it was.
    if (state === null) setSearch({}, { replace: true, preventScrollReset: true });
    else void navigate(-1);
  };
  const { patient } = study;
  const modalities = [...new Set(study.series.flatMap(({ modality }) => modality ?? []))];
  const facts = [
    study.studyDate === null ? undefined : format.date(study.studyDate),
    study.studyTime?.slice(0, 5),
    patient === null || study.studyDate === null ? undefined : words.age(patient.birthDate, study.studyDate),
    modalities.join(', '),
    study.locationName,
  ].filter((fact) => fact !== undefined && fact !== '');

  return (
    <div className={styles.page}>
      <PageHeader
        title={title}
        lead={
          <ul className={styles.facts}>
            <li>
              {patient === null ? (
                text('patientUnknown')
              ) : (
                <Link href={`/patients/${patient.patientId}?b=${study.studyId}`}>
                  {personName(patient.name) ?? patient.recordNumber ?? study.received.patientId ?? '—'}
                </Link>
              )}
            </li>
            {facts.map((fact) => (
              <li key={fact}>{fact}</li>
            ))}
          </ul>
        }
        actions={
          <>
            {mayReconcile && <ReassignStudy study={study} />}
            <ExportActions subject={{ studyId: study.studyId }} />
            <Link look="primary" href={viewerAddress(study)}>
              <ScanEye size={15} aria-hidden />
              {text('openViewer')}
            </Link>
          </>
        }
      >
        <div className={styles.states}>
          {study.arrival !== 'complete' && <Status tone="info">{text(study.arrival)}</Status>}
          {(study.matchState === 'quarantined' || study.matchState === 'suggested') && (
            <>
              <Status tone="warn">{text(study.matchState)}</Status>
              <span className={styles.quiet}>{text(`${study.matchState}Hint`)}</span>
              {mayReconcile && <Link href="/quarantine">{text('decide')}</Link>}
            </>
          )}
          {study.matchState === 'rejected' && <Status tone="danger">{text('rejected')}</Status>}
          {study.conflictCount > 0 && (
            <Status tone="warn">{text('conflicts', { count: study.conflictCount })}</Status>
          )}
        </div>
      </PageHeader>
      <div className={styles.columns}>
        <div className={styles.main}>
          {study.series.length === 0 ? (
            <EmptyState icon={Images} title={text('empty')}>
              {text('emptyHint')}
            </EmptyState>
          ) : (
            study.series.map((series, at) => (
              <StudySeries
                key={series.seriesId}
                studyId={study.studyId}
                series={series}
                isFirst={at === 0}
                onShow={(image) => show(image, false)}
                onLoaded={note}
              />
            ))
          )}
        </div>
        <StudyFacts study={study} />
      </div>
      {open !== undefined && (
        <ImageViewer
          studyInstanceUid={study.studyInstanceUid}
          images={images}
          image={open}
          onShow={(image) => show(image, true)}
          onClose={close}
        />
      )}
    </div>
  );
};
