/**
 * A DICOM person name (PS3.5 6.2.1: `Family^Given^Middle^Prefix^Suffix`, groups joined by `=`) as people write it:
 * `full` is "Camille Ruiz", `sorted` is "Ruiz, Camille". `undefined` when nothing is left to show.
 */
export const personName = (
  name: string | null | undefined,
  order: 'full' | 'sorted' = 'full',
): string | undefined => {
  const groups = (name ?? '').split('=').map((group) => group.split('^').map((part) => part.trim()));
  const [family = '', given = '', middle = '', , suffix = ''] =
    groups.find((parts) => parts.some((part) => part !== '')) ?? [];
  const first = [given, middle].filter((part) => part !== '').join(' ');
  const last = [family, suffix].filter((part) => part !== '').join(' ');
  const shown = (order === 'full' ? [first, last] : [last, first]).filter((part) => part !== '');
  return shown.length === 0 ? undefined : shown.join(order === 'full' ? ' ' : ', ');
};
