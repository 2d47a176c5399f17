import { useFormat, useText } from '@archwire/ui';
import { useMemo } from 'react';
import { localDay } from './local-day.ts';
import { messages } from './messages.ts';
import type { ListedStudy } from './study-window.ts';

/** Whole months from a birth date to the day of a study; `undefined` when that is no age. */
const monthsBetween = (birthDate: string, day: string): number | undefined => {
  const [birth, at] = [birthDate, day].map((date) => date.split('-').map(Number));
  const [birthYear, birthMonth, birthDay] = birth ?? [];
  const [year, month, dayOfMonth] = at ?? [];
  if (birthYear === undefined || birthMonth === undefined || birthDay === undefined) return undefined;
  if (year === undefined || month === undefined || dayOfMonth === undefined) return undefined;
  const months = (year - birthYear) * 12 + month - birthMonth - (dayOfMonth < birthDay ? 1 : 0);
  return months < 0 || months > 150 * 12 ? undefined : months;
};

/** How the list says age, sex and moment. */
export const useStudyWords = () => {
  const text = useText(messages);
  const format = useFormat();
  return useMemo(() => {
    const today = localDay();
    const yesterday = localDay(1);
    return {
      age: ({ birthDate, onDate }: ListedStudy): string | undefined => {
        const months = birthDate === null ? undefined : monthsBetween(birthDate, onDate);
        if (months === undefined) return undefined;
        return months < 24
          ? text('months', { count: months })
          : text('years', { count: Math.floor(months / 12) });
      },
      sex: (sex: string | null): string | undefined =>
        sex === 'F' ? text('sexF') : sex === 'M' ? text('sexM') : sex === 'O' ? text('sexO') : undefined,
      /** Day and time of the study, or that it has none. */
      moment: ({ studyDate, studyTime }: ListedStudy): readonly [string, string] => {
        if (studyDate === null) return [text('undated'), ''];
        const day =
          studyDate === today
            ? text('today')
            : studyDate === yesterday
              ? text('yesterday')
              : format.date(studyDate);
        const time = /^\d{2}:\d{2}/.exec(studyTime ?? '')?.[0];
        return [day, time === undefined ? '' : format.time(new Date(`${studyDate}T${time}:00`))];
      },
    };
  }, [text, format]);
};
