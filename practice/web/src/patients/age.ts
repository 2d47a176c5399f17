/** Whole years and months between two days; `undefined` when one of them is none, or the birth comes later. */
export const ageAt = (
  birthDate: string | null,
  day: string,
): { readonly years: number; readonly months: number } | undefined => {
  const [birth, at] = [birthDate ?? '', day].map((date) =>
    /^(\d{4})-(\d{2})-(\d{2})$/.exec(date)?.slice(1).map(Number),
  );
  const [birthYear, birthMonth, birthDay] = birth ?? [];
  const [year, month, dayOfMonth] = at ?? [];
  if (birthYear === undefined || birthMonth === undefined || birthDay === undefined) return undefined;
  if (year === undefined || month === undefined || dayOfMonth === undefined) return undefined;
  const months = (year - birthYear) * 12 + month - birthMonth - (dayOfMonth < birthDay ? 1 : 0);
  return months < 0 ? undefined : { years: Math.floor(months / 12), months };
};
