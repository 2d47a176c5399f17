/** A person name for comparison: without accents, in lower case, without trailing delimiters of components and groups. */
export const foldName = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .split('=')
    .map((group) => group.replace(/[\s^]+$/, '').trimStart())
    .join('=')
    .replace(/=+$/, '');
