import { TEETH } from '@archwire/contracts/image-view';
import { useState } from 'react';
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { classes } from '../classes.ts';
import { SegmentedControl } from '../tabs/segmented-control.tsx';
import { useText } from '../i18n/use-text.ts';
import { messages } from './messages.ts';
import styles from './tooth-picker.module.css';

/** As one looks at a patient: the patient's right at the left, upper jaw above. */
const QUADRANTS = {
  permanent: ['1', '2', '4', '3'],
  deciduous: ['5', '6', '8', '7'],
} as const;
const NAMES = {
  '1': 'upperRight',
  '2': 'upperLeft',
  '3': 'lowerLeft',
  '4': 'lowerRight',
  '5': 'upperRight',
  '6': 'upperLeft',
  '7': 'lowerLeft',
  '8': 'lowerRight',
} as const;
const RIGHT = '1458';

const teethOf = (quadrant: string): readonly string[] => {
  const teeth = TEETH.filter((tooth) => tooth.startsWith(quadrant));
  return RIGHT.includes(quadrant) ? teeth.toReversed() : teeth;
};

/** Teeth by their ISO 3950 numbers, any number of them. Arrow keys walk a quadrant, Tab goes to the next. */
export const ToothPicker = ({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: readonly string[];
  readonly onChange: (teeth: readonly string[]) => void;
}) => {
  const text = useText(messages);
  const [dentition, setDentition] = useState<keyof typeof QUADRANTS>(
    value.length > 0 && value.every((tooth) => '5678'.includes(tooth.charAt(0))) ? 'deciduous' : 'permanent',
  );
  const choose = (quadrant: string, chosen: readonly string[]): void => {
    const others = value.filter((tooth) => !tooth.startsWith(quadrant));
    const all = [...others, ...chosen];
    onChange(TEETH.filter((tooth) => all.includes(tooth)));
  };
  return (
    <fieldset className={styles.picker}>
      <legend>{label}</legend>
      <SegmentedControl
        label={text('dentition')}
        options={[
          { id: 'permanent', label: text('permanent') },
          { id: 'deciduous', label: text('deciduous') },
        ]}
        value={dentition}
        onChange={setDentition}
      />
      <div className={styles.mouth}>
        {QUADRANTS[dentition].map((quadrant) => {
          const teeth = teethOf(quadrant);
          return (
            <ToggleButtonGroup
              key={quadrant}
              aria-label={text(NAMES[quadrant])}
              selectionMode="multiple"
              selectedKeys={value.filter((tooth) => teeth.includes(tooth))}
              onSelectionChange={(keys) =>
                choose(
                  quadrant,
                  teeth.filter((tooth) => keys.has(tooth)),
                )
              }
              className={classes(styles.quadrant)}
              data-side={RIGHT.includes(quadrant) ? 'right' : 'left'}
            >
              {teeth.map((tooth) => (
                <ToggleButton key={tooth} id={tooth} className={classes(styles.tooth)}>
                  {tooth}
                </ToggleButton>
              ))}
            </ToggleButtonGroup>
          );
        })}
      </div>
      <p className={styles.chosen}>{value.length === 0 ? text('none') : value.join(', ')}</p>
    </fieldset>
  );
};
