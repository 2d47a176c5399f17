import { Button, IconButton, Status, useFormat, useText } from '@archwire/ui';
import { Plus, X } from 'lucide-react';
import { useMay } from '../api/use-me.ts';
import type { Refusal } from './device.ts';
import styles from './devices.module.css';
import { messages } from './messages.ts';

const REASONS = [
  'calling-ae',
  'called-ae',
  'too-many-connections',
  'too-many-associations',
  'unavailable',
  'protocol-version',
  'application-context',
  'max-pdu-length',
  'no-contexts',
] as const;

/** Somebody who knocked and was not let in: who, why, how often, and what to do. */
export const RefusalRow = ({
  refusal,
  now,
  onRegister,
  onDismiss,
}: {
  readonly refusal: Refusal;
  readonly now: Date;
  readonly onRegister?: () => void;
  readonly onDismiss?: () => void;
}) => {
  const text = useText(messages);
  const format = useFormat();
  const may = useMay('devices.device.write');
  const { address, calledAe, callingAe, count, lastAt, reasons, registrable } = refusal;
  const why = reasons.map((reason) => text(`reason-${REASONS.find((known) => known === reason) ?? 'other'}`));
  return (
    <li className={styles.refusal}>
      <div className={styles.names}>
        <strong>{callingAe === '' ? text('noName') : <code>{callingAe}</code>}</strong>
        <span>
          {address}
          {calledAe !== '' && <> · {text('calls', { ae: calledAe })}</>}
        </span>
      </div>
      <div className={styles.why}>
        <Status tone={registrable ? 'info' : 'warn'}>{format.list(why)}</Status>
        <span>
          {text('times', { count })} · {text('lastAt', { ago: format.relative(lastAt, now) })}
        </span>
      </div>
      {may && (
        <div className={styles.rowActions}>
          {registrable && onRegister !== undefined && (
            <Button tone="primary" onPress={onRegister}>
              <Plus size={15} aria-hidden />
              {text('registerAction')}
            </Button>
          )}
          {!registrable && <span className={styles.quiet}>{text('notRegistrable')}</span>}
          {onDismiss !== undefined && <IconButton icon={X} label={text('dismiss')} onPress={onDismiss} />}
        </div>
      )}
    </li>
  );
};
