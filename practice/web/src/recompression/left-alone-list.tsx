import { Card, useFormat, useText } from '@archwire/ui';
import { messages } from './messages.ts';
import { type Sum, totalOf } from './recompression.ts';
import styles from './recompression-page.module.css';

/** What was not touched, and why, the most bytes first. */
export const LeftAloneList = ({ sums }: { readonly sums: readonly Sum[] }) => {
  const text = useText(messages);
  const format = useFormat();
  const reasons = [...Map.groupBy(sums, ({ outcome }) => outcome)].flatMap(([outcome, same]) =>
    outcome === 'recompressed' ? [] : [{ outcome, ...totalOf(same) }],
  );
  if (reasons.length === 0) return null;
  return (
    <Card title={text('alone')}>
      <p className={styles.quiet}>{text('aloneLead')}</p>
      <ul className={styles.reasons}>
        {reasons
          .toSorted((a, b) => b.receivedBytes - a.receivedBytes)
          .map(({ outcome, instances, receivedBytes }) => (
            <li key={outcome}>
              <span>{text(`why-${outcome}`)}</span>
              <small>{text('images', { count: instances })}</small>
              <b>{format.bytes(receivedBytes)}</b>
            </li>
          ))}
      </ul>
    </Card>
  );
};
