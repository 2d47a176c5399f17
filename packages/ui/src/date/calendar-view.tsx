import { ChevronLeft, ChevronRight } from 'lucide-react';
import {
  Button as AriaButton,
  Calendar,
  CalendarCell,
  CalendarGrid,
  CalendarGridBody,
  CalendarGridHeader,
  CalendarHeaderCell,
  CalendarHeading,
} from 'react-aria-components';
import { classes } from '../classes.ts';
import styles from './date.module.css';

/** Arrows and the name of the month. */
export const CalendarBar = () => (
  <div className={styles.bar}>
    <AriaButton slot="previous" className={classes(styles.arrow)}>
      <ChevronLeft size={16} aria-hidden />
    </AriaButton>
    <CalendarHeading className={classes(styles.month)} />
    <AriaButton slot="next" className={classes(styles.arrow)}>
      <ChevronRight size={16} aria-hidden />
    </AriaButton>
  </div>
);

/** The days of a month. */
export const CalendarDays = () => (
  <CalendarGrid className={classes(styles.grid)}>
    <CalendarGridHeader>
      {(name) => <CalendarHeaderCell className={classes(styles.weekday)}>{name}</CalendarHeaderCell>}
    </CalendarGridHeader>
    <CalendarGridBody>
      {(date) => <CalendarCell date={date} className={classes(styles.day)} />}
    </CalendarGridBody>
  </CalendarGrid>
);

/** The calendar of a date field. */
export const CalendarView = () => (
  <Calendar className={classes(styles.calendar)}>
    <CalendarBar />
    <CalendarDays />
  </Calendar>
);
