import { patientsApi } from '@archwire/contracts/api/patients';
import {
  Avatar,
  Button,
  ErrorState,
  Link,
  PageHeader,
  personName,
  Skeleton,
  Status,
  Tabs,
  toasts,
  useText,
} from '@archwire/ui';
import { useQueryClient } from '@tanstack/react-query';
import { ClipboardPlus, ImagePlus, MonitorDown } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { endpointKey, useEndpoint } from '../api/use-endpoint.ts';
import { useMay } from '../api/use-me.ts';
import { ExportActions } from '../exports/export-actions.tsx';
import { isUploading, uploadState } from '../import/upload-state.ts';
import { useWindowDrop } from '../import/use-window-drop.ts';
import { useLiveEvents } from '../live/use-live-events.ts';
import { droppedRecord } from '../photos/dropped-record.ts';
import { recents } from '../shell/recents.ts';
import { OrderDialog } from '../worklist/order-dialog.tsx';
import { messages } from './messages.ts';
import { MergePatient } from './merge-patient.tsx';
import { PatientDetails } from './patient-details.tsx';
import styles from './patient-page.module.css';
import { PatientTimeline } from './patient-timeline.tsx';
import { usePatientWords } from './use-patient-words.ts';
import { useSoon } from './use-soon.ts';

/** One patient: who it is, and everything that was imaged, to compare. */
export const PatientPage = () => {
  const { patientId = '' } = useParams();
  const text = useText(messages);
  const words = usePatientWords();
  const navigate = useNavigate();
  const client = useQueryClient();
  const mayImport = useMay('imaging.study.store');
  const mayReconcile = useMay('imaging.reconcile.write');
  const mayOrder = useMay('orders.order.write');
  const [orders, setOrders] = useState(false);
  const query = useEndpoint(patientsApi.get, { params: { id: patientId } });
  const patient = query.data;

  const refresh = useSoon(() => {
    for (const endpoint of [patientsApi.get, patientsApi.timeline])
      void client.invalidateQueries({ queryKey: endpointKey(endpoint, { params: { id: patientId } }) });
    void client.invalidateQueries({ queryKey: endpointKey(patientsApi.study) });
  });
  useLiveEvents(['study.changed', 'patient.changed', 'derivative.made'], (event) => {
    if (event?.patientId === undefined || event.patientId === patientId) refresh();
  });

  useWindowDrop((dropped) => {
    if (!mayImport || isUploading(uploadState.get())) return;
    void dropped.then((files) => {
      droppedRecord.set(files.map(({ file }) => file));
      void navigate(`/patients/${patientId}/photos`);
    });
  });

  const name = personName(patient?.name, 'sorted');
  useEffect(() => {
    if (name !== undefined) recents.note({ to: `/patients/${patientId}`, label: name });
  }, [name, patientId]);

  const survivor = patient?.mergedInto ?? null;
  useEffect(() => {
    if (survivor === null) return;
    toasts.show({ tone: 'info', text: text('merged') });
    void navigate(`/patients/${survivor}`, { replace: true });
  }, [survivor, navigate, text]);

  if (query.isError && patient === undefined)
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const facts =
    patient === undefined
      ? []
      : [
          words.age(patient.birthDate),
          words.sex(patient.sex),
          words.born(patient.birthDate),
          patient.recordNumber ?? patient.identifiers[0]?.value,
        ].filter((fact) => fact !== undefined);
  return (
    <div className={styles.page}>
      {patient === undefined ? (
        <Skeleton height={62} />
      ) : (
        <PageHeader
          title={personName(patient.name) ?? text('noName')}
          avatar={<Avatar name={personName(patient.name) ?? ''} size="large" />}
          lead={
            <ul className={styles.facts}>
              {facts.map((fact, at) => (
                <li key={at}>{fact}</li>
              ))}
            </ul>
          }
          actions={
            <>
              {mayReconcile && patient.mergedInto === null && <MergePatient patient={patient} />}
              {mayOrder && patient.mergedInto === null && (
                <Button onPress={() => setOrders(true)}>
                  <ClipboardPlus size={15} aria-hidden />
                  {text('order')}
                </Button>
              )}
              {patient.mergedInto === null && <ExportActions subject={{ patientId }} />}
              {mayImport && (
                <Link look="plain" href="/import">
                  <MonitorDown size={15} aria-hidden />
                  {text('import')}
                </Link>
              )}
              {mayImport && patient.mergedInto === null && (
                <Link look="primary" href={`/patients/${patientId}/photos`}>
                  <ImagePlus size={15} aria-hidden />
                  {text('addPhotos')}
                </Link>
              )}
            </>
          }
        >
          {patient.registration === 'imaging-only' && (
            <div className={styles.badges}>
              <Status tone="info">{text('imagingOnly')}</Status>
            </div>
          )}
        </PageHeader>
      )}
      {orders && patient !== undefined && (
        <OrderDialog patient={{ ...patient, id: patientId }} onClose={() => setOrders(false)} />
      )}
      <Tabs
        label={text('record')}
        items={[
          {
            id: 'timeline',
            label: text('timeline'),
            content: <PatientTimeline key={patientId} patientId={patientId} />,
          },
          {
            id: 'details',
            label: text('details'),
            content: patient === undefined ? <Skeleton lines={4} /> : <PatientDetails patient={patient} />,
          },
        ]}
      />
    </div>
  );
};
