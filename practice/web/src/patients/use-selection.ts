import { useState } from 'react';
import { useSearchParams } from 'react-router';
import type { TimelineStudy } from './study-image.ts';

const hasPicture = ({ thumbnails }: TimelineStudy): boolean =>
  thumbnails.some(({ frames }) => frames !== null);

/** Which studies are A and B: at first the first and the last that have pictures. The address keeps their ids. */
export const useSelection = (studies: readonly TimelineStudy[]) => {
  const [search, setSearch] = useSearchParams();
  // The address follows a moment behind; keys that are pressed one after the other must not see the one before.
  const [chosen, setChosen] = useState({ a: search.get('a'), b: search.get('b') });
  const find = (id: string | null): TimelineStudy | undefined =>
    studies.find(({ studyId }) => studyId === id);
  const pictured = studies.filter(hasPicture);
  const b = find(chosen.b) ?? pictured.at(-1) ?? studies.at(-1);
  const first = pictured[0] ?? studies[0];
  const a = find(chosen.a) ?? (first === b ? undefined : first);
  return {
    a: a === b ? undefined : a,
    b,
    choose: (slot: 'A' | 'B', id: string): void => {
      const before = { a: a?.studyId ?? null, b: b?.studyId ?? null };
      // Who chooses for one side what is on the other wants them the other way round.
      const next =
        slot === 'A'
          ? { a: id, b: before.b === id ? before.a : before.b }
          : { b: id, a: before.a === id ? before.b : before.a };
      setChosen(next);
      const address = new URLSearchParams(search);
      for (const name of ['a', 'b'] as const) {
        const study = next[name];
        if (study === null) address.delete(name);
        else address.set(name, study);
      }
      setSearch(address, { replace: true, preventScrollReset: true });
    },
  };
};
