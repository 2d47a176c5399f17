import type { DataSet } from 'dicom-parser';
import { LEGACY_CODES } from './legacy-codes.ts';

/** The items of a sequence; none when it is absent, empty, or no sequence in this file. */
export const sequenceItems = (dataSet: DataSet, tag: string): readonly DataSet[] =>
  (dataSet.elements[tag]?.items ?? []).flatMap(({ dataSet: item }) => (item === undefined ? [] : [item]));

/**
 * Code Values (0008,0100) of a code sequence, whatever scheme they say they are of; those of SNOMED RT as SNOMED CT has
 * them, where it matters here.
 */
export const sequenceCodes = (dataSet: DataSet, tag: string): readonly string[] =>
  sequenceItems(dataSet, tag).flatMap((item) => {
    const code = (item.string('x00080100') ?? item.string('x00080119'))?.trim();
    return code === undefined ? [] : [LEGACY_CODES.get(code) ?? code];
  });
