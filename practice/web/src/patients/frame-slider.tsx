import { Slider, useFormat, useText } from '@archwire/ui';
import styles from './image-viewer.module.css';
import { studyMessages } from './study-messages.ts';

/** Which frame of an image of many is looked at. */
export const FrameSlider = ({
  count,
  frame,
  onChange,
}: {
  readonly count: number;
  readonly frame: number;
  readonly onChange: (frame: number) => void;
}) => {
  const text = useText(studyMessages);
  const format = useFormat();
  return (
    <div className={styles.frames}>
      <Slider
        label={text('frame')}
        said={text('of', { at: format.number(frame), count: format.number(count) })}
        from={1}
        to={count}
        value={frame}
        onChange={onChange}
      />
    </div>
  );
};
