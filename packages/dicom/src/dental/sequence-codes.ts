import type { DataSet } from 'dicom-parser';

/** The items of a sequence; none when it is absent, empty, or no sequence in this file. */
export const sequenceItems = (dataSet: DataSet, tag: string): readonly DataSet[] =>
  (dataSet.elements[tag]?.items ?? []).flatMap(({ dataSet: item }) => (item === undefined ? [] : [item]));

/** Code Values (0008,0100) of a code sequence, whatever scheme they say they are of: SRT and SCT differ only in the name. */
export const sequenceCodes = (dataSet: DataSet, tag: string): readonly string[] =>
  sequenceItems(dataSet, tag).flatMap((item) => {
    const code = item.string('x00080100') ?? item.string('x00080119');
    return code === undefined ? [] : [code.trim()];
  });
