import { parseDate } from '@internationalized/date';
import { CalendarDays as CalendarIcon } from 'lucide-react';
import {
  Button as AriaButton,
  DateInput,
  DateRangePicker as AriaDateRangePicker,
  DateSegment,
  Group,
  Popover as AriaPopover,
  RangeCalendar,
} from 'react-aria-components';
import { classes } from '../classes.ts';
import { FieldFrame, type FieldFrameProps } from '../field/field-frame.tsx';
import fieldStyles from '../field/field.module.css';
import { useText } from '../i18n/use-text.ts';
import { messages } from '../messages.ts';
import overlayStyles from '../overlay/overlay.module.css';
import { CalendarBar, CalendarDays } from './calendar-view.tsx';
import styles from './date.module.css';

/** Both days belong to the range. */
export interface DateRange {
  readonly from: string;
  readonly to: string;
}

export interface DateRangeFieldProps extends FieldFrameProps {
  readonly value: DateRange | null;
  readonly onChange: (value: DateRange | null) => void;
  readonly isDisabled?: boolean;
}

/** From a day to a day. */
export const DateRangeField = ({
  label,
  description,
  error,
  value,
  onChange,
  ...props
}: DateRangeFieldProps) => {
  const text = useText(messages);
  return (
    <AriaDateRangePicker
      {...props}
      value={value === null ? null : { start: parseDate(value.from), end: parseDate(value.to) }}
      onChange={(range) =>
        onChange(range === null ? null : { from: range.start.toString(), to: range.end.toString() })
      }
      isInvalid={error !== undefined}
      className={classes(fieldStyles.field)}
    >
      <FieldFrame label={label} description={description} error={error}>
        <Group className={classes(fieldStyles.group)}>
          <DateInput slot="start" className={classes(styles.input, styles.short)}>
            {(segment) => <DateSegment segment={segment} className={classes(styles.segment)} />}
          </DateInput>
          <span aria-hidden>–</span>
          <DateInput slot="end" className={classes(styles.input)}>
            {(segment) => <DateSegment segment={segment} className={classes(styles.segment)} />}
          </DateInput>
          <AriaButton className={classes(fieldStyles.step)}>
            <CalendarIcon size={15} aria-hidden />
          </AriaButton>
        </Group>
        <AriaPopover className={classes(overlayStyles.popover)} offset={4} aria-label={text('calendar')}>
          <div className={styles.panel}>
            <RangeCalendar className={classes(styles.calendar)}>
              <CalendarBar />
              <CalendarDays />
            </RangeCalendar>
          </div>
        </AriaPopover>
      </FieldFrame>
    </AriaDateRangePicker>
  );
};
