import styles from './door.module.css';

const TEETH = 14;
const WIDTHS = [16, 17, 17, 14, 13, 12, 14];

interface Tooth {
  readonly x: number;
  readonly y: number;
  /** Degrees. */
  readonly turn: number;
  readonly width: number;
}

/** Fourteen teeth along a parabola, the larger ones at its ends, as in an upper jaw. */
const arch = (depth: number, reach: number): readonly Tooth[] =>
  Array.from({ length: TEETH }, (_, at) => {
    const along = (at - (TEETH - 1) / 2) / ((TEETH - 1) / 2);
    const bend = Math.sign(along) * Math.abs(along) ** 0.82;
    const x = 200 + bend * reach;
    const y = 60 + along * along * depth;
    const turn = (Math.atan2(2 * along * depth, reach) * 180) / Math.PI;
    return { x, y, turn, width: WIDTHS[Math.min(at, TEETH - 1 - at)] ?? 14 };
  });

const wire = (teeth: readonly Tooth[]): string =>
  teeth.map(({ x, y }, at) => `${at === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join(' ');

/** An upper arch with its wire, drawn in thin light lines. An ornament: it says nothing. */
export const ArchArt = () => {
  const teeth = arch(230, 168);
  return (
    <svg className={styles.arch} viewBox="0 0 400 340" fill="none" aria-hidden>
      <defs>
        <linearGradient id="tooth" x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor="#fff" stopOpacity="0.2" />
          <stop offset="1" stopColor="#fff" stopOpacity="0.03" />
        </linearGradient>
      </defs>
      {teeth.map(({ x, y, turn, width }) => (
        <g key={x} transform={`translate(${x} ${y}) rotate(${turn})`}>
          <rect
            x={-width}
            y={-19}
            width={width * 2}
            height={38}
            rx={12}
            fill="url(#tooth)"
            stroke="#fff"
            strokeOpacity="0.28"
          />
        </g>
      ))}
      <path d={wire(teeth)} stroke="#7fe3ec" strokeWidth="2" strokeLinejoin="round" strokeOpacity="0.9" />
      {teeth.map(({ x, y, turn }) => (
        <g key={x} transform={`translate(${x} ${y}) rotate(${turn})`}>
          <rect x={-5} y={-5} width={10} height={10} rx={2.6} fill="#d9f7fa" />
          <rect x={-5} y={-0.9} width={10} height={1.8} fill="#0b6a75" />
        </g>
      ))}
    </svg>
  );
};
