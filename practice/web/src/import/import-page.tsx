import { devicesApi } from '@archwire/contracts/api/devices';
import {
  type DroppedFile,
  FileDrop,
  PageHeader,
  Progress,
  RadioGroup,
  Select,
  TextField,
  useText,
} from '@archwire/ui';
import { Upload } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '../api/use-me.ts';
import { useEndpoint } from '../api/use-endpoint.ts';
import { locationChoice } from '../shell/location-choice.ts';
import { ImportHistory } from './import-history.tsx';
import styles from './import-page.module.css';
import { ImportReport } from './import-report.tsx';
import { messages } from './messages.ts';
import { isUploading, uploadState } from './upload-state.ts';
import { UploadProgress } from './upload-progress.tsx';
import { uploader } from './uploader.ts';
import { useWindowDrop } from './use-window-drop.ts';

/** Where things are dropped and chosen; then how far they are, and what came of them. */
export const ImportPage = () => {
  const text = useText(messages);
  const state = uploadState.use();
  const mayReadLocations = useMay('devices.device.read');
  const { data } = useEndpoint(devicesApi.locations, {}, { enabled: mayReadLocations, staleTime: 60_000 });
  const locations = data?.locations ?? [];
  const here = locationChoice.use();
  const [location, setLocation] = useState<string>();
  const [origin, setOrigin] = useState<'ours' | 'other'>('ours');
  const [practice, setPractice] = useState('');
  const [asksForPractice, setAsksForPractice] = useState(false);
  const [isReading, setIsReading] = useState(false);

  const suggested = locations.find(({ id }) => id === here) ?? locations.find(({ isDefault }) => isDefault);
  const locationId = location ?? suggested?.id ?? null;
  const name = practice.trim();

  const start = (files: readonly DroppedFile[]): void => {
    if (origin === 'other' && name === '') {
      setAsksForPractice(true);
      return;
    }
    const other = origin === 'other' ? name : null;
    void uploader.start(files, { locationId, source: other, issuer: other?.slice(0, 64) ?? null });
  };
  const isOver = useWindowDrop((dropped) => {
    if (isUploading(uploadState.get())) return;
    setIsReading(true);
    void dropped.then(start).finally(() => setIsReading(false));
  });

  const isIdle = state.phase === 'idle';
  return (
    <div className={styles.page}>
      <PageHeader title={text('title')} lead={text('lead')} />
      {isIdle ? (
        <div className={styles.start}>
          <div>
            {isReading ? (
              <Progress label={text('reading')} />
            ) : (
              <FileDrop label={text('dropLabel')} hint={text('dropHint')} onFiles={start} />
            )}
          </div>
          <div className={styles.choices}>
            {locations.length > 1 && (
              <Select
                label={text('location')}
                options={locations.map(({ id, name: label }) => ({ id, label }))}
                value={locationId}
                onChange={setLocation}
              />
            )}
            <RadioGroup
              label={text('origin')}
              options={[
                { id: 'ours', label: text('originOurs'), description: text('originOursHint') },
                { id: 'other', label: text('originOther'), description: text('originOtherHint') },
              ]}
              value={origin}
              onChange={(value) => {
                setOrigin(value);
                setAsksForPractice(false);
              }}
            />
            {origin === 'other' && (
              <TextField
                label={text('practice')}
                value={practice}
                onChange={setPractice}
                maxLength={64}
                isRequired
                {...(asksForPractice && name === '' ? { error: text('practiceMissing') } : {})}
              />
            )}
          </div>
        </div>
      ) : (
        <UploadProgress />
      )}
      {!isIdle && state.importId !== null && (
        <ImportReport
          importId={state.importId}
          isRunning={isUploading(state)}
          unreadable={state.unreadable}
        />
      )}
      {isIdle && <ImportHistory />}
      {isOver && !isUploading(state) && (
        <div className={styles.overlay} aria-hidden>
          <Upload size={40} />
          {text('dropNow')}
        </div>
      )}
    </div>
  );
};
