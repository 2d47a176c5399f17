import { Status, type StatusTone, useText } from '@archwire/ui';
import type { EndpointResponse } from '@archwire/contracts/api';
import type { importsApi } from '@archwire/contracts/api/imports';
import styles from './import-page.module.css';
import { messages } from './messages.ts';

/** What became of the files, in numbers. */
export const OutcomeCounts = ({
  counts,
}: {
  readonly counts: EndpointResponse<typeof importsApi.get>['counts'];
}) => {
  const text = useText(messages);
  const of = (outcome: string): number => counts.outcomes[outcome] ?? 0;
  const shown: readonly [StatusTone, Parameters<typeof text>[0], number][] = [
    ['ok', 'stored', of('stored')],
    ['info', 'duplicate', of('duplicate')],
    ['warn', 'quarantined', of('quarantined')],
    ['warn', 'conflict', of('conflict')],
    ['danger', 'problem', of('unreadable') + of('refused')],
    ['warn', 'waitingFiles', of('missing')],
    ['idle', 'skipped', of('skipped')],
  ];
  return (
    <div className={styles.counts}>
      {shown
        .filter(([, , count]) => count > 0)
        .map(([tone, key, count]) => (
          <Status key={key} tone={tone}>
            {text(key, { count })}
          </Status>
        ))}
    </div>
  );
};
