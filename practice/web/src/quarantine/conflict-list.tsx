import type { EndpointResponse } from '@archwire/contracts/api';
import { imagingApi } from '@archwire/contracts/api/imaging';
import {
  Button,
  Card,
  ConfirmDialog,
  EmptyState,
  ErrorState,
  personName,
  Skeleton,
  Status,
  toasts,
  useFormat,
  useText,
} from '@archwire/ui';
import { Copy } from 'lucide-react';
import { useState } from 'react';
import { useAction } from '../api/use-action.ts';
import { useEndpoint } from '../api/use-endpoint.ts';
import { useMay } from '../api/use-me.ts';
import { messages } from './messages.ts';
import styles from './quarantine.module.css';

type Conflict = EndpointResponse<typeof imagingApi.conflicts>['conflicts'][number];
type Comparison = EndpointResponse<typeof imagingApi.compareConflict>;
type Which = 'shown' | 'other';

const Differences = ({ comparison }: { readonly comparison: Comparison }) => {
  const text = useText(messages);
  const { differences, moreDifferences, pixels } = comparison;
  return (
    <div className={styles.differences}>
      <h3 className={styles.part}>{text('differences')}</h3>
      <Status tone={pixels === 'different' ? 'danger' : pixels === 'same' ? 'ok' : 'idle'}>
        {pixels === null ? text('pixelsUnknown') : text(`pixels-${pixels}`)}
      </Status>
      {differences.length === 0 ? (
        <p className={styles.quiet}>{text('sameAttributes')}</p>
      ) : (
        // What scrolls sideways must be reachable by keyboard.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div className={styles.scroll} tabIndex={0} role="region" aria-label={text('differences')}>
          <table>
            <thead>
              <tr>
                <th scope="col">{text('attribute')}</th>
                <th scope="col">{text('shownNow')}</th>
                <th scope="col">{text('cameLater')}</th>
              </tr>
            </thead>
            <tbody>
              {differences.map(({ tag, keyword, shown, other }) => (
                <tr key={tag}>
                  <th scope="row">{keyword ?? `(${tag.slice(0, 4)},${tag.slice(4)})`}</th>
                  <td>{shown ?? '—'}</td>
                  <td>{other ?? '—'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {moreDifferences > 0 && (
        <p className={styles.quiet}>{text('moreDifferences', { count: moreDifferences })}</p>
      )}
    </div>
  );
};

const ConflictCard = ({ conflict }: { readonly conflict: Conflict }) => {
  const text = useText(messages);
  const format = useFormat();
  const may = useMay('imaging.conflict.write');
  const [chosen, setChosen] = useState<Which>();
  const { data, error, refetch } = useEndpoint(
    imagingApi.compareConflict,
    { params: { id: conflict.conflictId } },
    { staleTime: Number.POSITIVE_INFINITY },
  );
  const resolve = useAction(imagingApi.resolveConflict, {
    changes: [imagingApi.conflicts, imagingApi.notices],
    onSuccess: () => void toasts.show({ text: text('resolved'), tone: 'ok' }),
  });
  const name = personName(conflict.patientName) ?? text('noName');
  const side = (which: Which, title: string, at: string, device: string | null) => (
    <figure className={styles.side}>
      <figcaption>
        <strong>{title}</strong>
        <span className={styles.quiet}>
          {format.dateTime(at)}, {device === null ? text('otherWay') : text('from', { device })} ·{' '}
          {format.bytes(conflict[which].length)}
        </span>
      </figcaption>
      {data === undefined ? (
        <Skeleton height={220} />
      ) : (
        <img src={data[which].picture} alt={`${title}: ${name}`} />
      )}
      {may && (
        <Button tone={which === 'shown' ? 'plain' : 'primary'} onPress={() => setChosen(which)}>
          {text(which === 'shown' ? 'keep' : 'show')}
        </Button>
      )}
    </figure>
  );
  return (
    <Card
      title={name}
      meta={[
        conflict.patientId,
        conflict.studyDate === null ? null : format.date(conflict.studyDate),
        conflict.modality,
        conflict.description,
      ]
        .filter((part) => part !== null && part !== '')
        .join(' · ')}
    >
      <p className={styles.quiet}>{text('conflictLead')}</p>
      {error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      <div className={styles.sides}>
        {side('shown', text('shownNow'), conflict.shownReceivedAt, conflict.shownDeviceName)}
        {side('other', text('cameLater'), conflict.receivedAt, conflict.deviceName)}
      </div>
      {data !== undefined && <Differences comparison={data} />}
      <ConfirmDialog
        isOpen={chosen !== undefined}
        onClose={() => setChosen(undefined)}
        title={text('resolveTitle')}
        lead={text(chosen === 'other' ? 'resolveOther' : 'resolveKeep')}
        action={text('resolve')}
        asksForReason
        onConfirm={(reason) =>
          resolve.mutateAsync({
            params: { id: conflict.conflictId },
            body: { show: chosen ?? 'shown', reason },
          })
        }
        explain={() => text('failed')}
      />
    </Card>
  );
};

/** Images that came twice with different content: both side by side, and the choice which is shown. */
export const ConflictList = () => {
  const text = useText(messages);
  const { data, error, refetch } = useEndpoint(imagingApi.conflicts, {});
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton height={320} />;
  if (data.conflicts.length === 0) {
    return (
      <EmptyState icon={Copy} title={text('noConflicts')}>
        {text('noConflictsText')}
      </EmptyState>
    );
  }
  return (
    <ul className={styles.cards} aria-label={text('conflicts')}>
      {data.conflicts.map((conflict) => (
        <li key={conflict.conflictId}>
          <ConflictCard conflict={conflict} />
        </li>
      ))}
    </ul>
  );
};
