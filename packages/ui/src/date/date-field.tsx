import { type CalendarDate, parseDate } from '@internationalized/date';
import { CalendarDays } from 'lucide-react';
import {
  Button as AriaButton,
  DateInput,
  DatePicker as AriaDatePicker,
  DateSegment,
  Group,
  Popover as AriaPopover,
} from 'react-aria-components';
import { classes } from '../classes.ts';
import { FieldFrame, type FieldFrameProps } from '../field/field-frame.tsx';
import fieldStyles from '../field/field.module.css';
import { useText } from '../i18n/use-text.ts';
import { messages } from '../messages.ts';
import overlayStyles from '../overlay/overlay.module.css';
import { CalendarView } from './calendar-view.tsx';
import styles from './date.module.css';

export interface DateFieldProps extends FieldFrameProps {
  /** `2026-11-20`, or nothing yet. */
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
  readonly minValue?: string;
  readonly maxValue?: string;
  readonly isRequired?: boolean;
  readonly isDisabled?: boolean;
  readonly onBlur?: () => void;
}

const day = (text: string | null | undefined): CalendarDate | null =>
  text === null || text === undefined || text === '' ? null : parseDate(text);

/** A day, typed in the order of the language or picked from the calendar. */
export const DateField = ({
  label,
  description,
  error,
  value,
  onChange,
  minValue,
  maxValue,
  ...props
}: DateFieldProps) => {
  const text = useText(messages);
  return (
    <AriaDatePicker
      {...props}
      value={day(value)}
      onChange={(date) => onChange(date?.toString() ?? null)}
      minValue={day(minValue)}
      maxValue={day(maxValue)}
      isInvalid={error !== undefined}
      className={classes(fieldStyles.field)}
    >
      <FieldFrame
        label={label}
        description={description}
        error={error}
        isRequired={props.isRequired === true}
      >
        <Group className={classes(fieldStyles.group)}>
          <DateInput className={classes(styles.input)}>
            {(segment) => <DateSegment segment={segment} className={classes(styles.segment)} />}
          </DateInput>
          <AriaButton className={classes(fieldStyles.step)}>
            <CalendarDays size={15} aria-hidden />
          </AriaButton>
        </Group>
        <AriaPopover className={classes(overlayStyles.popover)} offset={4} aria-label={text('calendar')}>
          <div className={styles.panel}>
            <CalendarView />
          </div>
        </AriaPopover>
      </FieldFrame>
    </AriaDatePicker>
  );
};
