import { Label, Slider as AriaSlider, SliderOutput, SliderThumb, SliderTrack } from 'react-aria-components';
import { classes } from '../classes.ts';
import styles from './slider.module.css';

/** A whole number between two others, by drag, by arrow keys, by Page Up and Page Down in larger steps. */
export const Slider = ({
  label,
  said,
  from,
  to,
  value,
  onChange,
}: {
  readonly label: string;
  /** The value in words, beside the track. */
  readonly said: string;
  readonly from: number;
  readonly to: number;
  readonly value: number;
  readonly onChange: (value: number) => void;
}) => (
  <AriaSlider
    className={classes(styles.slider)}
    minValue={from}
    maxValue={to}
    step={1}
    value={value}
    onChange={(next) => onChange(typeof next === 'number' ? next : (next[0] ?? from))}
  >
    <Label className={classes(styles.label)}>{label}</Label>
    <SliderTrack className={classes(styles.track)}>
      <SliderThumb className={classes(styles.thumb)} />
    </SliderTrack>
    <SliderOutput className={classes(styles.said)}>{said}</SliderOutput>
  </AriaSlider>
);
