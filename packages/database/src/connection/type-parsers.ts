import { types } from 'pg';

const INT8 = 20;
const INT8_ARRAY = 1016;
const DATE = 1082;

/** A number while it is exact; a bigint beyond, which fails loudly in JSON instead of being quietly wrong. */
const parseInt8 = (text: string): number | bigint => {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
};

/**
 * Reads `date` as the text `YYYY-MM-DD` (the driver would make local midnight of it, another day elsewhere) and int8 as
 * number. Given to each connection, so that other users of the driver in this process keep the driver's own parsers.
 */
export const typeParsers = {
  getTypeParser: (oid: number, format?: string) => {
    if (format === 'binary') return types.getTypeParser(oid, 'binary');
    if (oid === DATE) return (text: string) => text;
    if (oid === INT8) return parseInt8;
    if (oid === INT8_ARRAY) {
      return (text: string) =>
        text
          .slice(1, -1)
          .split(',')
          .filter((item) => item !== '')
          .map((item) => (item === 'NULL' ? null : parseInt8(item)));
    }
    return types.getTypeParser(oid, 'text');
  },
};
