import { Button, DateField, IconButton, useShortcut, useText } from '@archwire/ui';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { localDay } from '../studies/local-day.ts';
import { messages } from './messages.ts';
import { nextDay } from './next-day.ts';
import styles from './worklist.module.css';

/** The day that is shown: typed, or one back, one on, today. */
export const DaySwitch = ({
  day,
  onChange,
}: {
  readonly day: string;
  readonly onChange: (day: string) => void;
}) => {
  const text = useText(messages);
  const group = text('title');
  useShortcut('[', () => onChange(nextDay(day, -1)), { label: text('dayBefore'), group });
  useShortcut(']', () => onChange(nextDay(day, 1)), { label: text('dayAfter'), group });
  useShortcut('t', () => onChange(localDay()), { label: text('today'), group });
  return (
    <div className={styles.days}>
      <IconButton icon={ChevronLeft} label={text('dayBefore')} onPress={() => onChange(nextDay(day, -1))} />
      <DateField label={text('day')} value={day} onChange={(value) => onChange(value ?? localDay())} />
      <IconButton icon={ChevronRight} label={text('dayAfter')} onPress={() => onChange(nextDay(day, 1))} />
      <Button isDisabled={day === localDay()} onPress={() => onChange(localDay())}>
        {text('today')}
      </Button>
    </div>
  );
};
