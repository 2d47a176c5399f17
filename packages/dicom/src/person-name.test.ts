import { describe, expect, it } from 'vitest';
import { canonicalName, foldName, personNameJson } from './person-name.ts';

describe('foldName', () => {
  it.each([
    ['MULLER^JORG ', 'muller jorg'],
    ['Müller^Jörg', 'muller jorg'],
    ["O'Brien^Seán^^Dr.", 'obrien sean dr'],
    ['O’Brien', 'obrien'],
    ['Straße^Łukasz', 'strasse lukasz'],
    ['Müller-Lüdenscheidt', 'muller ludenscheidt'],
    ['Yamada^Tarou=山田^太郎=やまだ^たろう', 'yamada tarou 山田 太郎 やまた たろう'],
    ['ﾔﾏﾀﾞ', 'ヤマタ'],
    ['İpek^Işıl', 'ipek isil'],
    ['sm?th*^j*', 'sm?th* j*'],
    ['^^^', ''],
    ['', ''],
  ])('%j', (name, folded) => {
    expect(foldName(name)).toBe(folded);
  });

  it('folds what is folded to itself', () => {
    expect(foldName(foldName('Dvořák^Antonín=東'))).toBe('dvorak antonin 東');
  });
});

describe('personNameJson', () => {
  it.each([
    [
      'Yamada^Tarou=山田^太郎=やまだ^たろう',
      { Alphabetic: 'Yamada^Tarou', Ideographic: '山田^太郎', Phonetic: 'やまだ^たろう' },
    ],
    ['=山田', { Ideographic: '山田' }],
    ['A^B==', { Alphabetic: 'A^B' }],
    ['==', null],
  ])('%j', (name, json) => {
    expect(personNameJson(name)).toEqual(json);
  });
});

it.each([
  ['A^B^^=C^D==', 'A^B=C^D'],
  [' A^ ', 'A'],
  ['=B', '=B'],
  ['^A', '^A'],
  ['^^=^', ''],
])('canonicalName(%j)', (name, canonical) => {
  expect(canonicalName(name)).toBe(canonical);
});
