import { Button, Card, ConfirmDialog, Progress, useFormat, useText } from '@archwire/ui';
import { useState } from 'react';
import styles from './import-page.module.css';
import { messages } from './messages.ts';
import { uploader } from './uploader.ts';
import { isUploading, uploadState } from './upload-state.ts';

const UNITS = [
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** "3 min": rounded up, so that it is never more than said. */
const duration = (locale: string, seconds: number): string => {
  const [unit, size] = UNITS.find(([, length]) => seconds >= length) ?? ['second', 1];
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(
    Math.max(1, Math.ceil(seconds / size)),
  );
};

/** How far the import of this tab is, and how to end it. */
export const UploadProgress = () => {
  const text = useText(messages);
  const format = useFormat();
  const state = uploadState.use();
  const [asks, setAsks] = useState(false);
  const { phase, files, bytes, sentFiles, sentBytes, bytesPerSecond, pause, alreadyFiles } = state;
  const running = isUploading(state);
  const label =
    phase === 'opening' || phase === 'done' || phase === 'cancelled' || phase === 'failed'
      ? text(phase)
      : text('sending');
  const left = bytesPerSecond === null || bytesPerSecond === 0 ? null : (bytes - sentBytes) / bytesPerSecond;
  return (
    <Card
      title={label}
      actions={
        running ? (
          <Button onPress={() => setAsks(true)}>{text('cancel')}</Button>
        ) : (
          <Button tone="primary" onPress={() => uploader.clear()}>
            {text('another')}
          </Button>
        )
      }
    >
      <div className={styles.progress}>
        {phase === 'opening' ? (
          <Progress label={text('progress')} />
        ) : (
          <Progress
            label={text('progress')}
            value={phase === 'done' ? Math.max(1, bytes) : sentBytes}
            max={Math.max(1, bytes)}
          />
        )}
        <p className={styles.numbers}>
          <span>{text('filesOf', { done: format.number(sentFiles), total: files })}</span>
          <span>{text('bytesOf', { done: format.bytes(sentBytes), total: format.bytes(bytes) })}</span>
          {running && bytesPerSecond !== null && (
            <span>{text('perSecond', { bytes: format.bytes(bytesPerSecond) })}</span>
          )}
          {running && left !== null && (
            <span>{text('remaining', { time: duration(format.locale, left) })}</span>
          )}
          {alreadyFiles > 0 && <span>{text('already', { count: alreadyFiles })}</span>}
        </p>
        {pause !== null && (
          <div className={styles.pause} role="status">
            <p>{text(`pause-${pause}`)}</p>
            <Button onPress={() => uploader.retryNow()}>{text('retryNow')}</Button>
          </div>
        )}
        {phase === 'failed' && (
          <p role="alert">
            {state.problem instanceof Error && state.problem.message !== ''
              ? state.problem.message
              : text('failed')}
          </p>
        )}
        {running && <p className={styles.quiet}>{text('stay')}</p>}
      </div>
      <ConfirmDialog
        isOpen={asks && running}
        onClose={() => setAsks(false)}
        title={text('cancelTitle')}
        lead={text('cancelLead')}
        action={text('cancel')}
        isDangerous
        onConfirm={() => uploader.cancel()}
        explain={() => text('failed')}
      />
    </Card>
  );
};
