/** Who somebody is, as far as it is written. */
export interface Identity {
  readonly name: string | null;
  /** `YYYY-MM-DD` */
  readonly birthDate: string | null;
  readonly sex: string | null;
  /** Patient IDs, each with whose number it is. */
  readonly identifiers: readonly { readonly issuer: string; readonly value: string }[];
}

/** `missing`: one of the two says nothing, so nothing can be concluded. */
export type Agreement = 'same' | 'similar' | 'different' | 'missing';
export type IdentityField = 'name' | 'birthDate' | 'sex' | 'identifier';

const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}^ ]/gu, '')
    .replaceAll(/\s+/g, ' ')
    .trim();

const partsOf = (name: string): readonly string[] => (name.split('=')[0] ?? '').split('^').map(fold);

const compareNames = (a: string, b: string): Agreement => {
  const [familyA = '', givenA = ''] = partsOf(a);
  const [familyB = '', givenB = ''] = partsOf(b);
  if (familyA === familyB && givenA === givenB) return 'same';
  const isSwapped = familyA === givenB && givenA === familyB;
  return isSwapped || familyA === familyB || (givenA !== '' && givenA === givenB) ? 'similar' : 'different';
};

/** Day and month exchanged, or one of the three parts mistyped: what people do to dates. */
const compareDates = (a: string, b: string): Agreement => {
  if (a === b) return 'same';
  const [partsA, partsB] = [a.split('-'), b.split('-')];
  const agreeing = partsA.filter((part, at) => part === partsB[at]).length;
  const isSwapped = partsA[0] === partsB[0] && partsA[1] === partsB[2] && partsA[2] === partsB[1];
  return isSwapped || agreeing === 2 ? 'similar' : 'different';
};

const compareIdentifiers = (a: Identity['identifiers'], b: Identity['identifiers']): Agreement => {
  const values = new Set(b.map(({ value }) => value));
  const alike = a.filter(({ value }) => values.has(value));
  if (alike.length === 0) return 'different';
  // The same number of another issuer is another number.
  return alike.some(({ issuer, value }) =>
    b.some((other) => other.issuer === issuer && other.value === value),
  )
    ? 'same'
    : 'similar';
};

const isEmpty = (text: string | null): text is null => text === null || text.trim() === '';

/** What agrees between two identities, field by field. None of it proves that they are one person. */
export const compareIdentity = (a: Identity, b: Identity): Readonly<Record<IdentityField, Agreement>> => ({
  name: isEmpty(a.name) || isEmpty(b.name) ? 'missing' : compareNames(a.name, b.name),
  birthDate:
    isEmpty(a.birthDate) || isEmpty(b.birthDate) ? 'missing' : compareDates(a.birthDate, b.birthDate),
  sex: isEmpty(a.sex) || isEmpty(b.sex) ? 'missing' : a.sex === b.sex ? 'same' : 'different',
  identifier:
    a.identifiers.length === 0 || b.identifiers.length === 0
      ? 'missing'
      : compareIdentifiers(a.identifiers, b.identifiers),
});
