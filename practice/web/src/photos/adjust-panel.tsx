import type { ImageView } from '@archwire/contracts/image-view';
import type { PictureAdjustment } from '@archwire/contracts/picture-adjustment';
import { Button, Card, IconButton, Select, useText, useViewName } from '@archwire/ui';
import { FlipHorizontal2, RotateCcw, RotateCw, Trash2 } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { AdjustedCanvas } from './adjusted-canvas.tsx';
import { CropBox } from './crop-box.tsx';
import { messages } from './messages.ts';
import { PHOTO_SLOTS } from './photo-slots.ts';
import styles from './photos.module.css';
import { AS_IT_IS, type RecordItem } from './record-item.ts';
import { flipped, rotated } from './turn.ts';
import { useBitmap } from './use-bitmap.ts';

const PHOTO_VIEWS: readonly ImageView[] = [
  ...PHOTO_SLOTS,
  'smile',
  'face-left',
  'face-left-oblique',
  'photo',
];
const MODEL_VIEWS: readonly ImageView[] = ['scan-upper', 'scan-lower', 'scan'];

/** What can be done with one file before it is added: where it goes, and how its picture is shown. */
export const AdjustPanel = ({
  item,
  onMove,
  onAdjust,
  onRemove,
}: {
  readonly item: RecordItem;
  readonly onMove: (view: ImageView) => void;
  readonly onAdjust: (adjustment: PictureAdjustment) => void;
  readonly onRemove: () => void;
}) => {
  const text = useText(messages);
  const viewName = useViewName();
  const bitmap = useBitmap(item);
  const { adjustment } = item;
  const views = item.kind === 'photo' ? PHOTO_VIEWS : item.kind === 'model' ? MODEL_VIEWS : [];
  const panel = useRef<HTMLDivElement>(null);
  // On a telephone it stands below the set.
  useEffect(() => {
    // Newer browsers answer a promise, which is no clean-up.
    panel.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  const hasPicture = bitmap !== null && bitmap !== undefined;
  return (
    <Card
      title={viewName(item)}
      actions={<IconButton icon={Trash2} label={text('remove')} tone="danger" onPress={onRemove} />}
    >
      <div ref={panel} className={styles.panel}>
        <div className={styles.stage}>
          <div className={styles.whole}>
            <AdjustedCanvas item={item} adjustment={{ ...adjustment, crop: null }} />
            {hasPicture && (
              <CropBox crop={adjustment.crop} onChange={(crop) => onAdjust({ ...adjustment, crop })} />
            )}
          </div>
        </div>
        {hasPicture && (
          <div className={styles.tools} role="toolbar" aria-label={text('tools')}>
            <IconButton
              icon={RotateCcw}
              label={text('left')}
              onPress={() => onAdjust(rotated(adjustment, 270))}
            />
            <IconButton
              icon={RotateCw}
              label={text('right')}
              onPress={() => onAdjust(rotated(adjustment, 90))}
            />
            <IconButton
              icon={FlipHorizontal2}
              label={text('flip')}
              onPress={() => onAdjust(flipped(adjustment))}
            />
            <Button tone="ghost" onPress={() => onAdjust(AS_IT_IS)} isDisabled={adjustment === AS_IT_IS}>
              {text('reset')}
            </Button>
          </div>
        )}
        {views.length > 0 && (
          <Select
            label={text('shows')}
            options={views.map((view) => ({
              id: view,
              label: view === 'photo' ? text('otherPhoto') : viewName({ view }),
            }))}
            value={item.view}
            onChange={onMove}
          />
        )}
        <p className={styles.note}>
          {text(item.kind === 'photo' ? 'keptNote' : item.kind === 'heic' ? 'heic' : 'fileNote')}
        </p>
      </div>
    </Card>
  );
};
