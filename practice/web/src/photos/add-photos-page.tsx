import { patientsApi } from '@archwire/contracts/api/patients';
import {
  Button,
  Card,
  ErrorState,
  Link,
  PageHeader,
  personName,
  Progress,
  Skeleton,
  useText,
  useViewName,
} from '@archwire/ui';
import { FilePlus2, Upload } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useParams } from 'react-router';
import { useEndpoint } from '../api/use-endpoint.ts';
import { isReason } from '../import/is-reason.ts';
import { reasonMessages } from '../import/reason-messages.ts';
import { isUploading, uploadState } from '../import/upload-state.ts';
import { uploader } from '../import/uploader.ts';
import { useWindowDrop } from '../import/use-window-drop.ts';
import { useTimeline } from '../patients/use-timeline.ts';
import { localDay } from '../studies/local-day.ts';
import { AdjustPanel } from './adjust-panel.tsx';
import { droppedRecord } from './dropped-record.ts';
import { messages } from './messages.ts';
import { PHOTO_SLOTS, type PhotoSlot } from './photo-slots.ts';
import styles from './photos.module.css';
import { addFiles, bySlot, moveTo, type RecordItem } from './record-item.ts';
import { recordUpload } from './record-upload.ts';
import { type FileState, SlotTile } from './slot-tile.tsx';
import { type Visit, VisitCard } from './visit-card.tsx';

const ACCEPT = '.jpg,.jpeg,.png,.tif,.tiff,.heic,.stl,.obj,.ply,.mtl,.pdf,image/*';
const GOOD = new Set(['stored', 'duplicate']);

/** Adds photographs, scans and documents to one patient: a photo set place by place, the rest below it. */
export const AddPhotosPage = () => {
  const { patientId = '' } = useParams();
  const text = useText(messages);
  const reason = useText(reasonMessages);
  const viewName = useViewName();
  const query = useEndpoint(patientsApi.get, { params: { id: patientId } });
  const { studies } = useTimeline(patientId);
  const upload = uploadState.use();
  const [items, setItems] = useState<readonly RecordItem[]>(() => addFiles([], droppedRecord.get()));
  const [selected, setSelected] = useState<string>();
  const [visit, setVisit] = useState<Visit>({ studyId: null, day: localDay(), event: null, name: null });
  const [isSent, setIsSent] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const wanted = useRef<PhotoSlot | null>(null);

  const add = (files: readonly File[], slot: PhotoSlot | null = null): void => {
    if (isSent || files.length === 0) return;
    const next = addFiles(items, files);
    const fresh = next.slice(items.length);
    const [first] = fresh;
    const placed =
      slot === null || fresh.length !== 1 || first?.kind !== 'photo' ? next : moveTo(next, first.id, slot);
    setItems(placed);
    // Of a whole set, a person looks at the set first.
    if (first !== undefined && fresh.length === 1) setSelected(first.id);
  };
  useEffect(() => {
    droppedRecord.set([]);
  }, []);
  const isOver = useWindowDrop((dropped) => {
    void dropped.then((files) => add(files.map(({ file }) => file)));
  });

  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return <Skeleton height={320} />;
  const name = personName(query.data.name) ?? text('noName');

  const change = (id: string, next: Partial<RecordItem>): void =>
    setItems((known) => known.map((item) => (item.id === id ? { ...item, ...next } : item)));
  const remove = (id: string): void => {
    setItems((known) => known.filter((item) => item.id !== id));
    setSelected(undefined);
  };
  const choose = (slot: PhotoSlot | null): void => {
    wanted.current = slot;
    picker.current?.click();
  };
  const { slots, others } = bySlot(items);
  const current = items.find(({ id }) => id === selected);
  const isRunning = isSent && isUploading(upload);
  const isEnded = isSent && !isRunning;
  const paths = recordUpload.pathsOf(items);
  const stateOf = (item: RecordItem | undefined): FileState | undefined => {
    if (item === undefined || !isSent) return undefined;
    const path = paths.get(item.id) ?? '';
    const file = upload.perFile[path];
    if (upload.unreadable.includes(path))
      return { sent: 0, outcome: 'unreadable', problem: text('unreadable') };
    const outcome = file?.outcome ?? null;
    const isBad = outcome !== null && !GOOD.has(outcome);
    return {
      sent: item.file.size === 0 ? 0 : (file?.sent ?? 0) / item.file.size,
      outcome,
      problem: isBad ? (isReason(file?.reason) ? reason(file.reason) : text('notAdded')) : null,
    };
  };
  const states = items.map(stateOf).filter((state) => state !== undefined);
  const bad = states.filter(({ problem }) => problem !== null).length;
  const done = states.filter(({ outcome, problem }) => outcome !== null && problem === null).length;
  const send = (): void => {
    if (items.length === 0 || (visit.studyId === null && visit.day === null)) return;
    setIsSent(true);
    setSelected(undefined);
    const description = visit.name ?? (visit.event === null ? '' : text(visit.event));
    void uploader.start(recordUpload.filesOf(items), {
      locationId: null,
      source: null,
      issuer: null,
      record: {
        patientId,
        studyId: visit.studyId,
        studyDate: visit.day ?? localDay(),
        description: description.trim(),
        event: visit.event,
      },
    });
  };
  const again = (): void => {
    setItems((known) => known.filter((item) => stateOf(item)?.problem != null));
    setIsSent(false);
    uploader.clear();
  };
  const tile = (slot: PhotoSlot | null, item: RecordItem | undefined) => (
    <SlotTile
      key={item?.id ?? slot}
      name={
        item !== undefined
          ? item.view === 'photo'
            ? text('otherPhoto')
            : viewName(item)
          : viewName({ view: slot ?? 'photo' })
      }
      item={item}
      isOptional={slot === 'face-right-oblique'}
      isSelected={item !== undefined && item.id === selected}
      state={stateOf(item)}
      onOpen={() => (item === undefined ? choose(slot) : setSelected(item.id))}
      onFiles={(files) => add(files, slot)}
      onItem={(id) => {
        if (slot !== null && items.some((each) => each.id === id && each.kind === 'photo'))
          setItems(moveTo(items, id, slot));
      }}
      onRemove={() => {
        if (item !== undefined && !isSent) remove(item.id);
      }}
    />
  );

  return (
    <div className={styles.page}>
      <PageHeader
        title={text('title', { name })}
        lead={text('lead')}
        actions={
          <>
            <Link look="plain" href={`/patients/${patientId}`}>
              {text(isEnded ? 'backToPatient' : 'cancel')}
            </Link>
            {isEnded ? (
              bad > 0 && (
                <Button tone="primary" onPress={again}>
                  {text('tryAgain', { count: bad })}
                </Button>
              )
            ) : (
              <Button
                tone="primary"
                onPress={send}
                isPending={isRunning}
                isDisabled={
                  items.length === 0 ||
                  (visit.studyId === null && visit.day === null) ||
                  (!isSent && isUploading(upload))
                }
              >
                <Upload size={15} aria-hidden />
                {text('send', { count: items.length })}
              </Button>
            )}
          </>
        }
      />
      {isSent && (
        <div className={styles.progress} role="status">
          {isRunning ? (
            <Progress
              label={text('sending', { done, total: items.length })}
              value={upload.bytes === 0 ? 0 : (upload.sentBytes / upload.bytes) * 100}
            />
          ) : (
            <p data-bad={bad > 0 || upload.phase !== 'done' || undefined}>
              {text(upload.phase === 'done' ? (bad > 0 ? 'doneSome' : 'doneAll') : 'stopped', { done, bad })}
            </p>
          )}
        </div>
      )}
      <div className={styles.columns}>
        <div className={styles.main}>
          <div className={styles.mount} role="group" aria-label={text('set')}>
            {slots.map(({ slot, item }) => tile(slot, item))}
          </div>
          <Card
            title={text('others')}
            actions={
              !isSent && (
                <Button onPress={() => choose(null)}>
                  <FilePlus2 size={15} aria-hidden />
                  {text('chooseFiles')}
                </Button>
              )
            }
          >
            {others.length === 0 ? (
              <p className={styles.note}>{text('othersHint')}</p>
            ) : (
              <div className={styles.tray}>{others.map((item) => tile(null, item))}</div>
            )}
          </Card>
        </div>
        <div className={styles.side}>
          {current !== undefined && !isSent && (
            <AdjustPanel
              key={current.id}
              item={current}
              onMove={(view) => setItems(moveTo(items, current.id, view))}
              onAdjust={(adjustment) => change(current.id, { adjustment })}
              onRemove={() => remove(current.id)}
            />
          )}
          <VisitCard visit={visit} onChange={setVisit} studies={studies} isDisabled={isSent} />
        </div>
      </div>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        accept={ACCEPT}
        aria-label={text('chooseFiles')}
        onChange={(event) => {
          add([...(event.target.files ?? [])], wanted.current);
          event.target.value = '';
        }}
      />
      {isOver && !isSent && (
        <div className={styles.overlay} aria-hidden>
          <Upload size={40} />
          {text('dropNow', { count: PHOTO_SLOTS.length })}
        </div>
      )}
    </div>
  );
};
