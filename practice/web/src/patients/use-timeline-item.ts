import { type TimelineItem, useText, useViewName } from '@archwire/ui';
import { messages } from './messages.ts';
import { pictureOf } from './pictures.ts';
import type { TimelineStudy } from './study-image.ts';
import { useStudyWords } from './use-study-words.ts';

/** What the timeline strip shows of a study. */
export const useTimelineItem = (): ((study: TimelineStudy) => TimelineItem) => {
  const text = useText(messages);
  const words = useStudyWords();
  const viewName = useViewName();
  return (study) => ({
    id: study.studyId,
    date: study.onDate,
    card: {
      title: words.title(study),
      day: words.day(study),
      date: words.date(study),
      dateTime: study.onDate,
      what: words.what(study),
      images: study.instanceCount,
      note: text('imagesAt', { count: study.instanceCount, place: study.locationName }),
      status: words.state(study),
      pictures: study.thumbnails.map((image) => ({ ...pictureOf(image), alt: '', name: viewName(image) })),
    },
  });
};
