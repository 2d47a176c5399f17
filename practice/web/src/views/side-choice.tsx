import type { ImageLaterality } from '@archwire/contracts/image-view';
import { SegmentedControl, useText } from '@archwire/ui';
import { messages } from './messages.ts';
import styles from './views.module.css';

const SIDES = ['none', 'R', 'L', 'B'] as const;

/** The side that an image shows, or none. */
export const SideChoice = ({
  value,
  onChange,
}: {
  readonly value: ImageLaterality | null;
  readonly onChange: (side: ImageLaterality | null) => void;
}) => {
  const text = useText(messages);
  return (
    <div className={styles.side}>
      <span aria-hidden>{text('side')}</span>
      <SegmentedControl
        label={text('side')}
        options={SIDES.map((side) => ({ id: side, label: text(side === 'none' ? 'noSide' : side) }))}
        value={value ?? 'none'}
        onChange={(side) => onChange(side === 'none' ? null : side)}
      />
    </div>
  );
};
