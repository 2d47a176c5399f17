// Nothing but this code is involved.
import { expect, it } from 'vitest';
import { personName } from './person-name.ts';

it.each([
  ['Ruiz^Camille', 'Camille Ruiz', 'Ruiz, Camille'],
  ['García López^Inés^María', 'Inés María García López', 'García López, Inés María'],
  ['Bell^Amara^^Dr^MSc', 'Amara Bell MSc', 'Bell MSc, Amara'],
  ['Doe', 'Doe', 'Doe'],
  ['^Cher', 'Cher', 'Cher'],
  ['=山田^太郎=やまだ^たろう', '太郎 山田', '山田, 太郎'],
  ['<b>x</b>^"', '" <b>x</b>', '<b>x</b>, "'],
  ['^^^', undefined, undefined],
  ['', undefined, undefined],
  [null, undefined, undefined],
])('%s', (name, full, sorted) => {
  expect([personName(name), personName(name, 'sorted')]).toEqual([full, sorted]);
});
