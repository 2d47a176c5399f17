import { viewsApi } from '@archwire/contracts/api/views';
import { Status, useFormat, useText } from '@archwire/ui';
import { useEndpoint } from '../api/use-endpoint.ts';
import { messages } from './messages.ts';
import styles from './views.module.css';

const WATCH_MS = 1500;

/** How far applying the rules to earlier images is; nothing while that was never asked for. */
export const RunStatus = () => {
  const text = useText(messages);
  const format = useFormat();
  const { data } = useEndpoint(
    viewsApi.runs,
    {},
    { refetchInterval: ({ state }) => (state.data?.runs[0]?.state === 'done' ? false : WATCH_MS) },
  );
  const run = data?.runs[0];
  if (run === undefined) return null;
  const counts = { looked: format.number(run.looked), changed: format.number(run.changed) };
  return (
    <p role="status" className={styles.run}>
      <Status tone={run.state === 'done' ? 'ok' : 'info'} quiet>
        {run.state === 'done'
          ? text('done', { ...counts, when: format.relative(run.endedAt ?? run.startedAt) })
          : text('running', counts)}
      </Status>
    </p>
  );
};
