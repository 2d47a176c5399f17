/** The calendar is a tenth of all script before the first paint; it is loaded when somebody opens it. */
export { DateRangeField as default } from '@archwire/ui';
