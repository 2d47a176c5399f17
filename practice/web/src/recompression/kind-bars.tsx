import { useFormat, useText } from '@archwire/ui';
import { messages } from './messages.ts';
import { shareSaved, type Sum } from './recompression.ts';
import styles from './recompression-page.module.css';

const KINDS = [
  'panoramic',
  'cephalogram',
  'photo',
  'periapical',
  'occlusal',
  'bitewing',
  'radiograph',
  'cbct',
  'scan',
  'report',
  'document',
  'other',
] as const;
type Kind = (typeof KINDS)[number];
const kindOf = (kind: string): Kind => KINDS.find((known) => known === kind) ?? 'other';

/** What was received and what it takes now, kind by kind, each bar as long as its share of the largest. */
export const KindBars = ({ sums }: { readonly sums: readonly Sum[] }) => {
  const text = useText(messages);
  const format = useFormat();
  const most = Math.max(...sums.map(({ receivedBytes }) => receivedBytes), 1);
  return (
    <ul className={styles.kinds}>
      {sums.map((sum) => (
        <li key={sum.kind}>
          <p className={styles.kindHead}>
            <b>{text(kindOf(sum.kind))}</b>
            <small>{text('images', { count: sum.instances })}</small>
            <strong>{text('less', { share: format.percent(shareSaved(sum)) })}</strong>
          </p>
          <div
            className={styles.track}
            style={{ width: `${Math.max(4, (sum.receivedBytes / most) * 100)}%` }}
            aria-hidden
          >
            <span style={{ width: `${(1 - shareSaved(sum)) * 100}%` }} />
          </div>
          <p className={styles.small}>
            {text('toFrom', {
              stored: format.bytes(sum.storedBytes),
              received: format.bytes(sum.receivedBytes),
            })}
          </p>
        </li>
      ))}
    </ul>
  );
};
