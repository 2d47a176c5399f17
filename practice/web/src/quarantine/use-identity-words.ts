import { personName, useFormat, useText } from '@archwire/ui';
import type { Identity, IdentityField } from './compare-identity.ts';
import { messages } from './messages.ts';

export const IDENTITY_FIELDS: readonly IdentityField[] = ['name', 'birthDate', 'sex', 'identifier'];

/** An identity in words, field by field; `null` where nothing is known. */
export const useIdentityWords = (): ((identity: Identity, field: IdentityField) => string | null) => {
  const text = useText(messages);
  const format = useFormat();
  return (identity, field) => {
    const { birthDate, identifiers, name, sex } = identity;
    if (field === 'name') return personName(name, 'sorted') ?? null;
    if (field === 'birthDate') return birthDate === null ? null : format.date(birthDate);
    if (field === 'sex') {
      const known = (['M', 'F', 'O'] as const).find((letter) => letter === sex);
      return known === undefined ? sex : text(`sex-${known}`);
    }
    return identifiers.length === 0
      ? null
      : identifiers.map(({ issuer, value }) => `${value} (${issuer})`).join(', ');
  };
};
