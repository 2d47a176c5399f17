import { AppError } from '@archwire/contracts/app-error';
import type { DicomJson, DicomJsonAttribute, DicomJsonValue } from './dicom-json.ts';
import { dictionaryVr, tagHex, tagOf } from './dictionary.ts';

export type NaturalValue = string | number | Buffer | NaturalDataSet;
/** A data set by PS3.6 keywords. An empty text or list is an empty attribute, `undefined` is no attribute. */
export interface NaturalDataSet {
  readonly [keyword: string]: NaturalValue | readonly NaturalValue[] | undefined;
}

const isList = (value: NaturalValue | readonly NaturalValue[]): value is readonly NaturalValue[] =>
  Array.isArray(value);

const attribute = (vr: string, values: readonly NaturalValue[]): DicomJsonAttribute => {
  const [first] = values;
  if (Buffer.isBuffer(first)) return { vr, InlineBinary: first.toString('base64') };
  const written = values
    .filter((value) => value !== '')
    .map((value): DicomJsonValue => {
      if (typeof value === 'string') return vr === 'PN' ? { Alphabetic: value } : value;
      if (typeof value === 'number') return value;
      return Buffer.isBuffer(value) ? null : naturalDataSet(value);
    });
  return written.length === 0 ? { vr } : { vr, Value: written };
};

/** The DICOM JSON of a data set by keywords, for `writeDataSet`. @throws AppError `internal` for a word that is no keyword. */
export const naturalDataSet = (dataSet: NaturalDataSet): DicomJson => {
  const json: DicomJson = {};
  for (const [keyword, value] of Object.entries(dataSet)) {
    if (value === undefined) continue;
    const tag = tagOf(keyword);
    if (tag === undefined) throw new AppError('internal', `There is no attribute ${keyword}.`);
    const vr = tag === 0x00282000 ? 'OB' : dictionaryVr(tag);
    json[tagHex(tag)] = attribute(vr, isList(value) ? value : [value]);
  }
  return json;
};
