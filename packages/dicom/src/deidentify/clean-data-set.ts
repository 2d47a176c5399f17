import dicomParser, { type DataSet, type Element } from 'dicom-parser';
import { dictionaryVr } from '../dictionary.ts';
import { isPixelData } from '../is-pixel-data.ts';
import { isKnownVr, type Encoding } from '../read-element.ts';
import {
  elementHeader,
  itemHeader,
  padded,
  toLittleEndian,
  type NewValue,
} from '../transcode/rewrite-elements.ts';
import type { DeidentifyProfile } from './deidentify-profile.ts';
import { elementAction } from './element-action.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import { shiftTemporal } from './shift-temporal.ts';

export interface Cleaning {
  readonly profile: DeidentifyProfile;
  readonly pseudonyms: Pseudonyms;
  /** Texts that are kept are searched for what must not be in them. */
  readonly identifies: (text: string) => boolean;
}

const EXPLICIT_LITTLE: Encoding = { explicitVr: true, littleEndian: true };

/** Valid values that say nothing (PS3.15 E.1.1, action D). */
const DUMMY: Readonly<Record<string, string>> = {
  DA: '19000101',
  TM: '000000',
  DT: '19000101000000',
  AS: '000Y',
  DS: '0',
  IS: '0',
};
const REMOVED = 'REMOVED';
const NUMERIC: Readonly<Record<string, number>> = { US: 2, SS: 2, UL: 4, SL: 4, FL: 4, FD: 8, AT: 4 };
const SEARCHED = new Set(['LO', 'SH', 'UC', 'LT', 'ST', 'UT']);

const tagOf = (key: string): number => Number.parseInt(key.slice(1), 16);
const isGroupLength = (tag: number): boolean => (tag & 0xffff) === 0;
const isPrivate = (tag: number): boolean => (tag & 0x10000) !== 0;

const text = (value: string, vr: string): Buffer => {
  const bytes = Buffer.from(value, 'latin1');
  return vr === 'UI' && bytes.length % 2 === 1 ? Buffer.concat([bytes, Buffer.alloc(1)]) : padded(bytes, vr);
};

const dummy = (vr: string): Buffer => {
  const size = NUMERIC[vr];
  if (size !== undefined) return Buffer.alloc(size);
  return text(DUMMY[vr] ?? REMOVED, isKnownVr(vr) ? vr : 'LO');
};

const valueOf = (dataSet: DataSet, { dataOffset, length }: Element): Buffer => {
  const { byteArray } = dataSet;
  return Buffer.from(byteArray.buffer, byteArray.byteOffset + dataOffset, length);
};

/** Which private elements may stay, by the creator of their block (PS3.5 section 7.8.1). */
const safePrivateKeys = (dataSet: DataSet, { safePrivate }: DeidentifyProfile): ReadonlySet<string> => {
  const keys = new Set<string>();
  if (safePrivate.length === 0) return keys;
  for (const creatorKey of Object.keys(dataSet.elements)) {
    const tag = tagOf(creatorKey);
    const block = tag & 0xffff;
    if (!isPrivate(tag) || block < 0x10 || block > 0xff) continue;
    const creator = (dataSet.string(creatorKey) ?? '').trim();
    for (const safe of safePrivate) {
      if (safe.creator !== creator || safe.group !== tag >>> 16) continue;
      const key = `x${(((tag >>> 16) * 0x10000 + block * 0x100 + safe.element) >>> 0).toString(16).padStart(8, '0')}`;
      if (dataSet.elements[key] === undefined || dataSet.elements[key].items !== undefined) continue;
      keys.add(key);
      keys.add(creatorKey);
    }
  }
  return keys;
};

const uids = (value: Buffer, pseudonyms: Pseudonyms): string =>
  value
    .toString('latin1')
    .split('\\')
    .map((one) => one.replace(/[\0 ]+$/, ''))
    // What the standard registers says what something is.
    .map((one) => (one === '' || one.startsWith('1.2.840.10008.') ? one : pseudonyms.uid(one)))
    .join('\\');

const cleanedElement = (
  key: string,
  element: Element,
  dataSet: DataSet,
  cleaning: Cleaning,
): readonly Buffer[] => {
  const tag = tagOf(key);
  const stated = element.vr ?? 'UN';
  const vr = element.items === undefined ? (stated === 'UN' ? dictionaryVr(tag) : stated) : 'SQ';
  const written = (value: Buffer): readonly Buffer[] => [
    elementHeader(tag, vr, value.length, EXPLICIT_LITTLE),
    value,
  ];
  const action = elementAction(tag, vr, cleaning.profile);
  if (action === 'remove') return [];
  if (action === 'empty') return written(Buffer.alloc(0));
  if (action === 'clean') {
    const items = (element.items ?? []).flatMap(({ dataSet: item }) => {
      const content = item === undefined ? Buffer.alloc(0) : cleanDataSet(item, cleaning);
      return [itemHeader(content.length), content];
    });
    const length = items.reduce((sum, part) => sum + part.length, 0);
    return [elementHeader(tag, 'SQ', length, EXPLICIT_LITTLE), ...items];
  }
  if (action === 'dummy') return written(dummy(vr));
  const stored = valueOf(dataSet, element);
  // A sequence where none should be, or bytes of no known form.
  if (element.hadUndefinedLength === true || !isKnownVr(vr)) return [];
  if (action === 'uid') return written(text(uids(stored, cleaning.pseudonyms), vr));
  if (action === 'shift')
    return written(text(shiftTemporal(stored.toString('latin1'), cleaning.pseudonyms.shiftDays), vr));
  if (SEARCHED.has(vr) && cleaning.identifies(stored.toString('latin1'))) return written(dummy(vr));
  const isLittle = dataSet.byteArrayParser === dicomParser.littleEndianByteArrayParser;
  return written(padded(isLittle ? stored : toLittleEndian(stored, vr), vr));
};

/**
 * A data set with everything done that `elementAction` says, in Explicit VR Little Endian and ascending order, sequences
 * included; Pixel Data and what follows it left out. `changes` are put in whatever was there.
 */
export const cleanDataSet = (
  dataSet: DataSet,
  cleaning: Cleaning,
  changes: ReadonlyMap<string, NewValue | null> = new Map(),
): Buffer => {
  const safe = safePrivateKeys(dataSet, cleaning.profile);
  const keys = [...new Set([...Object.keys(dataSet.elements), ...changes.keys()])].toSorted((a, b) =>
    a < b ? -1 : 1,
  );
  return Buffer.concat(
    keys.flatMap((key) => {
      const tag = tagOf(key);
      if (isGroupLength(tag) || tag >>> 16 === 0x0002 || isPixelData(tag)) return [];
      const change = changes.get(key);
      if (change === null) return [];
      if (change !== undefined)
        return [elementHeader(tag, change.vr, change.value.length, EXPLICIT_LITTLE), change.value];
      const element = dataSet.elements[key];
      if (element === undefined) return [];
      if (!isPrivate(tag)) return cleanedElement(key, element, dataSet, cleaning);
      if (!safe.has(key)) return [];
      const value = padded(valueOf(dataSet, element), element.vr ?? 'UN');
      return [elementHeader(tag, element.vr ?? 'UN', value.length, EXPLICIT_LITTLE), value];
    }),
  );
};
