import { Status, useFormat, useText } from '@archwire/ui';
import { reasonMessages } from '../import/reason-messages.ts';
import { isReason } from '../import/is-reason.ts';
import type { Device } from './device.ts';
import styles from './devices.module.css';
import { messages } from './messages.ts';

/** The folder that a device writes into: when something came, and what was not taken, and why. */
export const WatchPanel = ({ device, now }: { readonly device: Device; readonly now: Date }) => {
  const text = useText(messages);
  const reason = useText(reasonMessages);
  const format = useFormat();
  return (
    <div className={styles.stack}>
      <p>
        {device.watchProblem === null ? (
          <Status tone={device.watchSeenAt === null ? 'info' : 'ok'}>
            {device.watchSeenAt === null
              ? text('watchWaits')
              : text('watchSeen', { ago: format.relative(device.watchSeenAt, now) })}
          </Status>
        ) : (
          <Status tone="danger">{text('watchProblem', { folder: device.watchFolder ?? '' })}</Status>
        )}
      </p>
      <p className={styles.quiet}>{text('watchRule')}</p>
      {device.watchRefusals.length > 0 && (
        <ul className={styles.refusals} aria-label={text('watchRefused')}>
          {device.watchRefusals.map((refusal) => (
            <li key={`${refusal.path} ${refusal.at}`} className={styles.denial}>
              <div className={styles.why}>
                <Status tone="warn">{refusal.path}</Status>
                <span>
                  {isReason(refusal.reason) ? reason(refusal.reason) : text('watchRefused')} ·{' '}
                  {format.relative(refusal.at, now)}
                </span>
              </div>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
};
