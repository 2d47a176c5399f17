import type { PictureAdjustment } from '@archwire/contracts/picture-adjustment';
import { FileBox, FileText, FileWarning, ImageIcon } from 'lucide-react';
import { useEffect, useRef } from 'react';
import styles from './photos.module.css';
import type { RecordItem, RecordKind } from './record-item.ts';
import { useBitmap } from './use-bitmap.ts';

const ICONS = {
  photo: ImageIcon,
  model: FileBox,
  document: FileText,
  heic: FileWarning,
  other: FileWarning,
} as const satisfies Record<RecordKind, unknown>;

const draw = (
  canvas: HTMLCanvasElement,
  bitmap: ImageBitmap,
  { flip, rotation, crop }: PictureAdjustment,
): void => {
  const isTurned = rotation % 180 !== 0;
  const [width, height] = isTurned ? [bitmap.height, bitmap.width] : [bitmap.width, bitmap.height];
  const part = crop ?? { x: 0, y: 0, width: 1, height: 1 };
  canvas.width = Math.max(1, Math.round(width * part.width));
  canvas.height = Math.max(1, Math.round(height * part.height));
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.translate(width / 2 - part.x * width, height / 2 - part.y * height);
  context.rotate((rotation * Math.PI) / 180);
  context.scale(flip ? -1 : 1, 1);
  context.drawImage(bitmap, -bitmap.width / 2, -bitmap.height / 2);
};

/** The picture of a file as it will be shown, or a tile that says what kind of file it is. */
export const AdjustedCanvas = ({
  item,
  adjustment = item.adjustment,
}: {
  readonly item: RecordItem;
  readonly adjustment?: PictureAdjustment;
}) => {
  const canvas = useRef<HTMLCanvasElement>(null);
  const bitmap = useBitmap(item);
  useEffect(() => {
    if (canvas.current !== null && bitmap !== null && bitmap !== undefined)
      draw(canvas.current, bitmap, adjustment);
  }, [bitmap, adjustment]);
  const Icon = ICONS[item.kind];
  if (bitmap === undefined) return <span className={styles.waiting} />;
  if (bitmap === null)
    return (
      <span className={styles.tile}>
        <Icon size={26} aria-hidden />
        <span>{item.file.name}</span>
      </span>
    );
  return <canvas ref={canvas} className={styles.canvas} aria-hidden />;
};
