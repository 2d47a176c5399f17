import { type CSSProperties, type PointerEvent, useRef, useState } from 'react';
import { useText } from '../i18n/use-text.ts';
import { messages } from './messages.ts';
import { StagePicture, type StagePictureProps } from './stage-picture.tsx';
import styles from './stage.module.css';
import { useZoomPan } from './use-zoom-pan.ts';
import { ZoomControls } from './zoom-controls.tsx';

export interface CompareSide extends StagePictureProps {
  /** "Initial · day 0". */
  readonly label: string;
}

export interface BeforeAfterProps {
  /** What is compared, for screen readers. */
  readonly label: string;
  readonly before: CompareSide;
  readonly after: CompareSide;
  /** `slider`: one over the other, with a line to move. `side`: beside one another. Both zoom and pan together. */
  readonly mode: 'slider' | 'side';
}

const isWhole = ({ sources, reason }: CompareSide): boolean =>
  sources.length > 0 && (reason === undefined || reason === null);

/** Two pictures of the same view at two times. */
export const BeforeAfter = ({ label, before, after, mode }: BeforeAfterProps) => {
  const text = useText(messages);
  const [at, setAt] = useState(50);
  const box = useRef<HTMLDivElement>(null);
  // A tile that stands in for a picture cannot lie under another.
  const slides = mode === 'slider' && isWhole(before) && isWhole(after);
  const zoom = useZoomPan({
    wheel: 'ctrl',
    ...(slides ? { onDragAtFit: (part: number) => setAt(Math.round(part * 1000) / 10) } : {}),
  });
  const isZoomed = zoom.view.scale > 1 || undefined;
  const drag = (event: PointerEvent): void => {
    const { current } = box;
    if (current === null || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const { left, width } = current.getBoundingClientRect();
    setAt(Math.max(0, Math.min(100, ((event.clientX - left) / width) * 100)));
  };
  const tag = ({ label: words }: CompareSide, side: 'left' | 'right') => (
    <span className={styles.tag} data-side={side}>
      {words}
    </span>
  );
  const { label: beforeLabel, ...first } = before;
  const { label: afterLabel, ...second } = after;
  return (
    // No widget of ARIA is a picture to look into: a group that takes the keys, and buttons for the same.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      className={styles.stage}
      role="group"
      aria-label={label}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      onKeyDown={(event) => {
        if (event.target === event.currentTarget || !event.key.startsWith('Arrow')) zoom.onKeyDown(event);
      }}
    >
      {slides ? (
        <div ref={box} className={styles.slider} style={{ '--at': `${at}%` } as CSSProperties}>
          <div {...zoom.pane} className={styles.pane} data-zoomed={isZoomed} data-slides>
            <StagePicture {...first} view={zoom.view} />
            <div className={styles.after}>
              <StagePicture {...second} view={zoom.view} />
            </div>
          </div>
          {tag(before, 'left')}
          {tag(after, 'right')}
          <span
            className={styles.line}
            onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
            onPointerMove={drag}
          >
            <span className={styles.knob} aria-hidden />
            <input
              type="range"
              min={0}
              max={100}
              step={1}
              value={at}
              aria-label={text('reveal', { before: beforeLabel, after: afterLabel })}
              onChange={(event) => setAt(Number(event.target.value))}
            />
          </span>
        </div>
      ) : (
        <div className={styles.pair}>
          {[
            { side: before, picture: first, at: 'left' as const },
            { side: after, picture: second, at: 'right' as const },
          ].map(({ side, picture, at: where }) => (
            <div key={where} {...zoom.pane} className={styles.pane} data-zoomed={isZoomed}>
              <StagePicture {...picture} view={zoom.view} />
              {tag(side, 'left')}
            </div>
          ))}
        </div>
      )}
      <ZoomControls zoom={zoom} />
    </div>
  );
};
