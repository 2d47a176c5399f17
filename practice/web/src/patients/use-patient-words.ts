import { useFormat, useText } from '@archwire/ui';
import { ageAt } from './age.ts';
import { messages } from './messages.ts';

const BABY_YEARS = 2;

const isSex = (sex: string | null): sex is 'F' | 'M' | 'O' => sex === 'F' || sex === 'M' || sex === 'O';

/** Age, sex and birth date as words. What is not known is left out. */
export const usePatientWords = () => {
  const text = useText(messages);
  const format = useFormat();
  const age = (birthDate: string | null, day = new Date().toISOString().slice(0, 10)): string | undefined => {
    const found = ageAt(birthDate, day);
    if (found === undefined) return undefined;
    return found.years < BABY_YEARS
      ? text('ageMonths', { months: found.months })
      : text('age', { years: found.years });
  };
  const sex = (code: string | null): string | undefined => (isSex(code) ? text(code) : (code ?? undefined));
  const born = (birthDate: string | null): string | undefined =>
    birthDate === null ? undefined : text('born', { date: format.date(birthDate) });
  return { age, sex, born };
};
