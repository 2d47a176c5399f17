import type { DataSet } from 'dicom-parser';

/** A value of a DS or IS element, `undefined` when it is absent, empty or not a number (dicom-parser's own readers throw or give NaN). */
export function decimalOf(dataSet: DataSet, tag: string, index = 0): number | undefined {
  const text = dataSet.string(tag)?.split('\\')[index]?.trim();
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}
