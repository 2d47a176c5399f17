// Real: zod's own issues, the texts in all three languages.
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { LANGUAGES } from '../i18n/messages.ts';
import { translate } from '../i18n/translate.ts';
import { problemMessages } from './problem-messages.ts';
import { problemText } from './problem-text.ts';

const said = (schema: z.ZodType, value: unknown, language: (typeof LANGUAGES)[number]): string => {
  const issue = schema.safeParse(value).error?.issues[0];
  if (issue === undefined) throw new Error('nothing is wrong with it');
  return problemText(issue, (key, values) => translate(problemMessages, language, key, values));
};

describe('what is wrong is said in the language of the page', () => {
  test.each([
    [z.string().min(1), '', ['Fill this in.', 'À remplir.', 'Rellene este campo.']],
    [z.string().min(8), 'a', ['At least 8 characters.', 'Au moins 8 caractères.', 'Al menos 8 caracteres.']],
    [z.string().max(1), 'abc', ['At most 1 character.', 'Au plus 1 caractère.', 'Como mucho 1 carácter.']],
    [z.int().min(1), 0, ['At least 1.', 'Au moins 1.', 'Al menos 1.']],
    [
      z.array(z.string()).min(2),
      [],
      ['Choose at least 2.', 'Choisissez-en au moins 2.', 'Elija al menos 2.'],
    ],
    [
      z.email(),
      'nobody',
      [
        'This is not an e-mail address.',
        'Ce n’est pas une adresse électronique.',
        'Esto no es una dirección de correo.',
      ],
    ],
    [z.iso.date(), '31/12', ['This is not a day.', 'Ce n’est pas une date.', 'Esto no es una fecha.']],
    [
      z.enum(['a', 'b']),
      'c',
      [
        'Choose one of those that are offered.',
        'Choisissez parmi ce qui est proposé.',
        'Elija entre lo que se ofrece.',
      ],
    ],
    [
      z.string().refine(() => false, 'English words of a schema'),
      'x',
      [
        'This cannot be taken as it is.',
        'Cela ne peut être accepté tel quel.',
        'Esto no se puede aceptar tal como está.',
      ],
    ],
  ])('%o', (schema, value, words) => {
    expect(LANGUAGES.map((language) => said(schema, value, language))).toEqual(words);
  });
});
