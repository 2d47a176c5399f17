import type { PictureAdjustment } from '@archwire/contracts/picture-adjustment';
import { useText } from '@archwire/ui';
import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { messages } from './messages.ts';
import styles from './photos.module.css';

type Crop = NonNullable<PictureAdjustment['crop']>;
const WHOLE: Crop = { x: 0, y: 0, width: 1, height: 1 };
const LEAST = 0.1;
const STEP = 0.01;
const CORNERS = [
  ['topLeft', 0, 0],
  ['topRight', 1, 0],
  ['bottomLeft', 0, 1],
  ['bottomRight', 1, 1],
] as const;

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** One corner goes to a place, the opposite one stays. */
const withCorner = (crop: Crop, right: 0 | 1, bottom: 0 | 1, x: number, y: number): Crop => {
  const end = { x: crop.x + crop.width, y: crop.y + crop.height };
  const left = right === 0 ? clamp(x, 0, end.x - LEAST) : crop.x;
  const top = bottom === 0 ? clamp(y, 0, end.y - LEAST) : crop.y;
  const toX = right === 1 ? clamp(x, crop.x + LEAST, 1) : end.x;
  const toY = bottom === 1 ? clamp(y, crop.y + LEAST, 1) : end.y;
  return { x: left, y: top, width: toX - left, height: toY - top };
};

const isWhole = ({ width, height }: Crop): boolean => width > 0.995 && height > 0.995;

/** Corners to drag, or to move with the arrow keys, over the whole picture. */
export const CropBox = ({
  crop: chosen,
  onChange,
}: {
  readonly crop: Crop | null;
  readonly onChange: (crop: Crop | null) => void;
}) => {
  const text = useText(messages);
  const box = useRef<HTMLDivElement>(null);
  const crop = chosen ?? WHOLE;
  const change = (next: Crop): void => onChange(isWhole(next) ? null : next);
  const drag = (event: PointerEvent, right: 0 | 1, bottom: 0 | 1): void => {
    const bounds = box.current?.getBoundingClientRect();
    if (bounds === undefined || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    change(
      withCorner(
        crop,
        right,
        bottom,
        (event.clientX - bounds.left) / bounds.width,
        (event.clientY - bounds.top) / bounds.height,
      ),
    );
  };
  const press = (event: KeyboardEvent, right: 0 | 1, bottom: 0 | 1): void => {
    const by = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[
      event.key
    ];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    change(
      withCorner(
        crop,
        right,
        bottom,
        crop.x + right * crop.width + (by[0] ?? 0),
        crop.y + bottom * crop.height + (by[1] ?? 0),
      ),
    );
  };
  const percent = (value: number): string => `${value * 100}%`;
  return (
    <div ref={box} className={styles.crop}>
      <div className={styles.shade}>
        <div
          className={styles.cropPart}
          style={{
            left: percent(crop.x),
            top: percent(crop.y),
            width: percent(crop.width),
            height: percent(crop.height),
          }}
        />
      </div>
      {CORNERS.map(([name, right, bottom]) => (
        <button
          key={name}
          type="button"
          className={styles.corner}
          aria-label={text(name)}
          style={{ left: percent(crop.x + right * crop.width), top: percent(crop.y + bottom * crop.height) }}
          onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
          onPointerMove={(event) => drag(event, right, bottom)}
          onKeyDown={(event) => press(event, right, bottom)}
        />
      ))}
    </div>
  );
};
