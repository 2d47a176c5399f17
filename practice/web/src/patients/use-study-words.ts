import { useFormat, useText } from '@archwire/ui';
import { messages } from './messages.ts';
import type { Study, TimelineStudy } from './study-image.ts';

const upperFirst = (text: string): string => text.replace(/^./su, (letter) => letter.toLocaleUpperCase());

/** How studies are called on the pages of patients. */
export const useStudyWords = () => {
  const text = useText(messages);
  const format = useFormat();
  const what = (study: Pick<TimelineStudy, 'kinds'>): string =>
    upperFirst(study.kinds.map((kind) => text(kind)).join(', '));
  const title = (
    study: Pick<TimelineStudy, 'description'> & Partial<Pick<TimelineStudy, 'kinds'>>,
  ): string => {
    const named = study.description?.trim() ?? '';
    if (named !== '') return named;
    return what({ kinds: study.kinds ?? [] }) || text('study');
  };
  const day = ({ dayOffset }: Pick<TimelineStudy, 'dayOffset'>): string | undefined =>
    dayOffset === null ? undefined : text('day', { count: format.number(dayOffset) });
  const date = (study: Pick<TimelineStudy, 'studyDate' | 'onDate'>): string =>
    study.studyDate === null
      ? text('noDate', { date: format.date(study.onDate) })
      : format.date(study.studyDate);
  const state = (study: Pick<Study, 'arrival'> & { readonly hasConflict: boolean }) => {
    if (study.hasConflict) return { tone: 'warn', text: text('conflict') } as const;
    if (study.arrival === 'complete') return undefined;
    return { tone: 'info', text: text(study.arrival) } as const;
  };
  return { title, what, day, date, state };
};
