import { isUidLenient, type InstanceHeader } from '@archwire/contracts';
import { characterSet, DEFAULT_CHARACTER_SET, type CharacterSet } from './character-set.ts';
import { decodeText } from './decode-text.ts';
import { HEADER_ATTRIBUTES, SPECIFIC_CHARACTER_SET } from './header-attributes.ts';
import { invalidDicom } from './invalid-dicom.ts';
import { canonicalName } from './person-name.ts';
import { readUint16, type ElementHeader } from './read-element.ts';
import { isoDate, isoTime } from './temporal.ts';

/** The header elements of one object, where they lie. */
export interface FoundElements {
  readonly bytes: Buffer;
  readonly littleEndian: boolean;
  readonly elements: ReadonlyMap<number, Readonly<ElementHeader>>;
}

type HeaderName = keyof typeof HEADER_ATTRIBUTES;

/** Index columns stay short whatever a sender writes; the stored bytes keep the rest. LO allows 64 characters, PN three times 64. */
const MAX_TEXT = 256;
const MAX_INT32 = 2 ** 31 - 1;
const TEXT_VRS = new Set(['LO', 'SH', 'PN', 'UC', 'LT', 'ST', 'UT']);

const valueBytes = (found: FoundElements, name: HeaderName): Buffer | undefined => {
  const element = found.elements.get(HEADER_ATTRIBUTES[name][0]);
  return element === undefined || element.length === 0
    ? undefined
    : found.bytes.subarray(element.offset, element.offset + element.length);
};

/** The first value without padding and NUL, `null` when nothing is left. */
const text = (found: FoundElements, name: HeaderName, set: CharacterSet): string | null => {
  const bytes = valueBytes(found, name);
  if (bytes === undefined) return null;
  const vr = HEADER_ATTRIBUTES[name][1];
  const decoded = TEXT_VRS.has(vr) ? decodeText(bytes, set, vr) : bytes.toString('latin1');
  const value = decoded.replaceAll('\0', '').split('\\', 1)[0] ?? '';
  const first = vr === 'PN' ? canonicalName(value) : value.trim();
  return first === '' ? null : first.slice(0, MAX_TEXT).toWellFormed();
};

const integer = (value: string | null): number | null => {
  if (value === null || !/^[+-]?\d{1,12}(?:\.0*)?$/.test(value)) return null;
  const number = Number(value);
  return Math.abs(number) <= MAX_INT32 ? number : null;
};

/** US as the standard says; some writers use IS, DS or UL for the same attributes. */
const unsigned = (found: FoundElements, name: HeaderName): number | null => {
  const element = found.elements.get(HEADER_ATTRIBUTES[name][0]);
  if (element === undefined || element.length < 2) return null;
  if (element.vr === 'IS' || element.vr === 'DS') return integer(text(found, name, DEFAULT_CHARACTER_SET));
  const at = element.vr === 'UL' && !found.littleEndian ? element.offset + 2 : element.offset;
  return readUint16(found.bytes, at, found.littleEndian);
};

const uid = (found: FoundElements, name: HeaderName, otherwise: string | null = null): string => {
  const value = text(found, name, DEFAULT_CHARACTER_SET) ?? otherwise;
  if (value === null) {
    throw invalidDicom('missing-attribute', `The object has no ${name}. Its sender must set it.`, {
      attribute: name,
    });
  }
  if (!isUidLenient(value)) {
    throw invalidDicom(
      'bad-uid',
      `${name} is not a UID: digits and dots, at most 64 characters. Its sender must correct it.`,
      {
        attribute: name,
      },
    );
  }
  return value;
};

export interface HeaderContext {
  readonly TransferSyntaxUID: string;
  readonly MediaStorageSOPClassUID: string | null;
  readonly MediaStorageSOPInstanceUID: string | null;
  readonly hasPixelData: boolean;
}

/** @throws AppError `invalid`: `missing-attribute` or `bad-uid` when one of the four UIDs is missing or is none. */
export const buildHeader = (found: FoundElements, context: HeaderContext): InstanceHeader => {
  const declared = found.elements.get(SPECIFIC_CHARACTER_SET);
  const set =
    declared === undefined
      ? DEFAULT_CHARACTER_SET
      : characterSet(
          found.bytes
            .toString('latin1', declared.offset, declared.offset + declared.length)
            .replaceAll('\0', ''),
        );
  const textOf = (name: HeaderName): string | null => text(found, name, set);
  const dateOf = (name: HeaderName): string | null => isoDate(text(found, name, DEFAULT_CHARACTER_SET) ?? '');
  const timeOf = (name: HeaderName): string | null => isoTime(text(found, name, DEFAULT_CHARACTER_SET) ?? '');
  const integerOf = (name: HeaderName): number | null => integer(text(found, name, DEFAULT_CHARACTER_SET));
  const frames = integerOf('NumberOfFrames');
  return {
    SOPClassUID: uid(found, 'SOPClassUID', context.MediaStorageSOPClassUID),
    SOPInstanceUID: uid(found, 'SOPInstanceUID', context.MediaStorageSOPInstanceUID),
    StudyInstanceUID: uid(found, 'StudyInstanceUID'),
    SeriesInstanceUID: uid(found, 'SeriesInstanceUID'),
    TransferSyntaxUID: context.TransferSyntaxUID,
    PatientID: textOf('PatientID'),
    IssuerOfPatientID: textOf('IssuerOfPatientID'),
    PatientName: textOf('PatientName'),
    PatientBirthDate: dateOf('PatientBirthDate'),
    PatientSex: textOf('PatientSex'),
    StudyDate: dateOf('StudyDate'),
    StudyTime: timeOf('StudyTime'),
    TimezoneOffsetFromUTC: textOf('TimezoneOffsetFromUTC'),
    StudyID: textOf('StudyID'),
    StudyDescription: textOf('StudyDescription'),
    AccessionNumber: textOf('AccessionNumber'),
    ReferringPhysicianName: textOf('ReferringPhysicianName'),
    InstitutionName: textOf('InstitutionName'),
    Modality: textOf('Modality'),
    SeriesNumber: integerOf('SeriesNumber'),
    SeriesDate: dateOf('SeriesDate'),
    SeriesTime: timeOf('SeriesTime'),
    SeriesDescription: textOf('SeriesDescription'),
    BodyPartExamined: textOf('BodyPartExamined'),
    Laterality: textOf('Laterality'),
    StationName: textOf('StationName'),
    Manufacturer: textOf('Manufacturer'),
    PerformedProcedureStepStartDate: dateOf('PerformedProcedureStepStartDate'),
    PerformedProcedureStepStartTime: timeOf('PerformedProcedureStepStartTime'),
    InstanceNumber: integerOf('InstanceNumber'),
    Rows: unsigned(found, 'Rows'),
    Columns: unsigned(found, 'Columns'),
    BitsAllocated: unsigned(found, 'BitsAllocated'),
    NumberOfFrames: context.hasPixelData ? Math.max(1, frames ?? 1) : null,
    ContentDate: dateOf('ContentDate'),
    ContentTime: timeOf('ContentTime'),
  };
};
