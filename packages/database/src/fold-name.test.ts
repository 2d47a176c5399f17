import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldName } from './fold-name.ts';

test.each([
  ['Müller^Anna', 'muller^anna'],
  ["O'Brien-Smith^Mary  Ann^^Dr.^", 'obrien smith^mary ann^^dr'],
  ['ÅNGSTRÖM^Øystein', 'angstrom^oystein'],
  ['Weiß^Łukasz', 'weiss^lukasz'],
  ['Yamada^Tarou=山田^太郎=やまだ^たろう', 'yamada^tarou=山田^太郎=やまだ^たろう'],
  ['がか^カガ', 'がか^カガ'],
  ['Hong^Gildong=洪^吉洞=홍^길동', 'hong^gildong=洪^吉洞=홍^길동'],
  ['Doe*^J?ne', 'doe*^j?ne'],
  ['ﬁne^Ｗｉｄｅ', 'fine^wide'],
  ['^^^', null],
  ['', null],
  [null, null],
])('%s folds to %s', (name, folded) => {
  expect(foldName(name)).toBe(folded);
});

test('folding twice changes nothing more', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      const once = foldName(name);
      expect(foldName(once)).toBe(once);
    }),
  );
});
