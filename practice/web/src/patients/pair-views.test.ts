// Nothing but this code is involved.
import type { ImageView } from '@archwire/contracts/image-view';
import { expect, it } from 'vitest';
import { firstPair, pairViews } from './pair-views.ts';
import type { StudyImage } from './study-image.ts';

let count = 0;
const image = (view: ImageView, teeth: readonly string[] = [], frames: number | null = 1): StudyImage => {
  count += 1;
  return {
    instanceId: String(count),
    sopInstanceUid: `1.${count}`,
    sopClassUid: '1.2',
    transferSyntaxUid: '1.2',
    seriesInstanceUid: '1.3',
    instanceNumber: count,
    view,
    laterality: null,
    viewKey: null,
    origin: null,
    ruleName: null,
    teeth,
    rows: 10,
    columns: 10,
    frames,
    byteCount: 1,
    arrivedAt: '2026-01-01T00:00:00.000Z',
    conflicted: false,
    picture: null,
  };
};
const shown = (as: readonly StudyImage[], bs: readonly StudyImage[]) =>
  pairViews(as, bs).map(({ view, a, b, isGuess }) => [
    view,
    a === undefined ? null : as.indexOf(a),
    b === undefined ? null : bs.indexOf(b),
    ...(isGuess ? ['guess'] : []),
  ]);

it('pairs the same view, whole pairs first, what has no pixels not at all', () => {
  const as = [image('intraoral-front'), image('panoramic'), image('report', [], null), image('face-right')];
  const bs = [image('panoramic'), image('intraoral-front'), image('cbct')];
  expect(shown(as, bs)).toEqual([
    ['panoramic', 1, 0],
    ['intraoral-front', 0, 1],
    ['face-right', 3, null],
    ['cbct', null, 2],
  ]);
  expect(firstPair(pairViews(as, bs))?.view).toBe('intraoral-front');
});

it('pairs teeth with at least half of the same teeth', () => {
  const as = [image('periapical', ['17', '16', '15']), image('periapical', ['11', '21'])];
  const bs = [image('periapical', ['12', '11', '21']), image('periapical', ['36', '37'])];
  expect(shown(as, bs)).toEqual([
    ['periapical', 1, 0],
    ['periapical', 0, null],
    ['periapical', null, 1],
  ]);
});

it('pairs photographs without a code by their order, and says so', () => {
  expect(shown([image('photo'), image('photo')], [image('photo')])).toEqual([
    ['photo', 0, 0, 'guess'],
    ['photo', 1, null],
  ]);
});

it('takes the middle of a volume, and nothing of nothing', () => {
  expect(shown([image('cbct'), image('cbct'), image('cbct')], [])).toEqual([['cbct', 1, null]]);
  expect(shown([], [])).toEqual([]);
  expect(firstPair([])).toBeUndefined();
});

it('pairs exactly the same standard photograph before others of its view', () => {
  const photo = (viewKey: string | null) => ({ ...image('intraoral-front'), viewKey });
  const as = [photo('IV07'), photo('IV08')];
  expect(shown(as, [photo('IV08'), photo(null)])).toEqual([
    ['intraoral-front', 0, 1],
    ['intraoral-front', 1, 0],
  ]);
});
