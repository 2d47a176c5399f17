import { useState } from 'react';
import styles from './operations-page.module.css';

const WIDTH = 600;
const HEIGHT = 96;
const GAP = 1.2;

/** Equal steps of time as bars; the one under the mouse is named. The words beside it say the same. */
export const BarChart = ({
  label,
  values,
  describe,
}: {
  readonly label: string;
  readonly values: readonly number[];
  /** What a bar says when the mouse is on it. */
  readonly describe: (at: number) => string;
}) => {
  const [over, setOver] = useState<number>();
  const most = Math.max(...values, 1);
  const step = WIDTH / Math.max(values.length, 1);
  return (
    <figure className={styles.chart}>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
        onPointerMove={({ clientX, currentTarget }) => {
          const { left, width } = currentTarget.getBoundingClientRect();
          setOver(Math.min(values.length - 1, Math.floor(((clientX - left) / width) * values.length)));
        }}
        onPointerLeave={() => setOver(undefined)}
      >
        {values.map((value, at) => {
          const height = value === 0 ? 1 : Math.max(3, (value / most) * (HEIGHT - 4));
          return (
            <rect
              // oxlint-disable-next-line react/no-array-index-key
              key={at}
              x={at * step + GAP / 2}
              y={HEIGHT - height}
              width={Math.max(step - GAP, 0.6)}
              height={height}
              rx={Math.min(1.5, step / 4)}
              data-empty={value === 0 || undefined}
              data-over={at === over || undefined}
            />
          );
        })}
      </svg>
      <figcaption aria-hidden data-on={over !== undefined || undefined}>
        {over === undefined ? ' ' : describe(over)}
      </figcaption>
    </figure>
  );
};
