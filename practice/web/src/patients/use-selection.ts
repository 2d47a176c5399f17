import { useSearchParams } from 'react-router';
import type { TimelineStudy } from './study-image.ts';

const hasPicture = ({ thumbnails }: TimelineStudy): boolean =>
  thumbnails.some(({ frames }) => frames !== null);

/** Which studies are A and B: kept in the address by their ids; at first the first and the last that have pictures. */
export const useSelection = (studies: readonly TimelineStudy[]) => {
  const [search, setSearch] = useSearchParams();
  const find = (name: string): TimelineStudy | undefined =>
    studies.find(({ studyId }) => studyId === search.get(name));
  const pictured = studies.filter(hasPicture);
  const b = find('b') ?? pictured.at(-1) ?? studies.at(-1);
  const first = pictured[0] ?? studies[0];
  const a = find('a') ?? (first === b ? undefined : first);
  return {
    a: a === b ? undefined : a,
    b,
    choose: (slot: 'A' | 'B', id: string): void => {
      const next = new URLSearchParams(search);
      const [one, other] = slot === 'A' ? (['a', 'b'] as const) : (['b', 'a'] as const);
      const swapped = slot === 'A' ? a : b;
      const opposite = slot === 'A' ? b : a;
      next.set(one, id);
      // Who chooses for one side what is on the other wants them the other way round.
      if (opposite?.studyId === id && swapped !== undefined) next.set(other, swapped.studyId);
      else if (opposite !== undefined) next.set(other, opposite.studyId);
      setSearch(next, { replace: true, preventScrollReset: true });
    },
  };
};
