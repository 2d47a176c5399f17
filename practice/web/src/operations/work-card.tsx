import { Card, Status, useFormat, useText } from '@archwire/ui';
import { messages } from './messages.ts';
import styles from './operations-page.module.css';
import type { Overview } from './overview.ts';

const QUEUES = [
  'derive-instances',
  'settle-series',
  'send-mail',
  'open-import',
  'report-commitment',
  'notify-availability',
  'apply-view-rules',
  'build-export',
] as const;
const STATES = ['running', 'waiting', 'later', 'failed'] as const;
const isQueue = (name: string): name is (typeof QUEUES)[number] => QUEUES.some((known) => known === name);

/** What a job is for, in words; one that this page does not know keeps its own name. */
export const useQueueName = (): ((name: string) => string) => {
  const text = useText(messages);
  return (name) => (isQueue(name) ? text(`queue-${name}`) : name);
};

/** How much work is open: jobs by kind, what is not passed on yet, what is not packed yet. */
export const WorkCard = ({ overview }: { readonly overview: Overview }) => {
  const text = useText(messages);
  const format = useFormat();
  const queueName = useQueueName();
  const { installation, unsettledSince } = overview;
  const outbox = installation?.outbox ?? overview.outbox;
  const queues = installation === null ? [] : installation.queues;
  return (
    <Card title={text('work')}>
      {queues === null ? (
        <Status tone="danger">{text('queueDown')}</Status>
      ) : (
        queues.length > 0 && (
          <table className={styles.queues}>
            <thead>
              <tr>
                <th scope="col">
                  <span className={styles.srOnly}>{text('work')}</span>
                </th>
                {STATES.map((state) => (
                  <th key={state} scope="col">
                    {text(state)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {queues.map(({ name, waiting, active, delayed, failed }) => (
                <tr key={name}>
                  <th scope="row">{queueName(name)}</th>
                  {[active, waiting, delayed, failed].map((value, at) => (
                    <td key={STATES[at]} data-kind={STATES[at]} data-zero={value === 0 || undefined}>
                      {format.number(value)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        )
      )}
      <dl className={styles.facts}>
        <div>
          <dt>{text('outbox')}</dt>
          <dd>
            {outbox.waiting === 0 ? text('nothing') : format.number(outbox.waiting)}
            {outbox.oldestAt !== null && (
              <small>{text('oldest', { when: format.relative(outbox.oldestAt) })}</small>
            )}
          </dd>
        </div>
        <div>
          <dt>{text('unsettled')}</dt>
          <dd>{unsettledSince === null ? text('nothing') : format.relative(unsettledSince)}</dd>
        </div>
      </dl>
    </Card>
  );
};
