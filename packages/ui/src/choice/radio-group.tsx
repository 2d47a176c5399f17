import { Radio, RadioGroup as AriaRadioGroup } from 'react-aria-components';
import { classes } from '../classes.ts';
import { FieldFrame, type FieldFrameProps } from '../field/field-frame.tsx';
import fieldStyles from '../field/field.module.css';
import type { Option } from '../select/option.ts';
import styles from './choice.module.css';

export interface RadioGroupProps<Id extends string> extends FieldFrameProps {
  readonly options: readonly Option<Id>[];
  readonly value: Id | null;
  readonly onChange: (value: Id) => void;
  readonly isRequired?: boolean;
  readonly isDisabled?: boolean;
}

/** One of a few, all in sight. */
export const RadioGroup = <Id extends string>({
  label,
  description,
  error,
  options,
  value,
  onChange,
  ...props
}: RadioGroupProps<Id>) => (
  <AriaRadioGroup
    {...props}
    value={value}
    onChange={(key) => {
      const chosen = options.find(({ id }) => id === key);
      if (chosen !== undefined) onChange(chosen.id);
    }}
    isInvalid={error !== undefined}
    className={classes(fieldStyles.field)}
  >
    <FieldFrame label={label} description={description} error={error} isRequired={props.isRequired === true}>
      <div className={styles.options}>
        {options.map((option) => (
          <Radio
            key={option.id}
            value={option.id}
            isDisabled={option.isDisabled === true}
            className={classes(styles.choice)}
          >
            <span className={classes(styles.box, styles.round)} />
            <span className={styles.text}>
              {option.label}
              {option.description !== undefined && (
                <span className={styles.description}>{option.description}</span>
              )}
            </span>
          </Radio>
        ))}
      </div>
    </FieldFrame>
  </AriaRadioGroup>
);
