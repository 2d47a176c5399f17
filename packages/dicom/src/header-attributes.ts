import type { InstanceHeader } from '@archwire/contracts';

type HeaderName = Exclude<keyof InstanceHeader, 'TransferSyntaxUID'>;

/** The attributes of `InstanceHeader` with the VR they are read as when the file is implicit or says UN. */
export const HEADER_ATTRIBUTES: Readonly<Record<HeaderName, readonly [tag: number, vr: string]>> = {
  SOPClassUID: [0x00080016, 'UI'],
  SOPInstanceUID: [0x00080018, 'UI'],
  StudyInstanceUID: [0x0020000d, 'UI'],
  SeriesInstanceUID: [0x0020000e, 'UI'],
  PatientID: [0x00100020, 'LO'],
  IssuerOfPatientID: [0x00100021, 'LO'],
  PatientName: [0x00100010, 'PN'],
  PatientBirthDate: [0x00100030, 'DA'],
  PatientSex: [0x00100040, 'CS'],
  StudyDate: [0x00080020, 'DA'],
  StudyTime: [0x00080030, 'TM'],
  TimezoneOffsetFromUTC: [0x00080201, 'SH'],
  StudyID: [0x00200010, 'SH'],
  StudyDescription: [0x00081030, 'LO'],
  AccessionNumber: [0x00080050, 'SH'],
  ReferringPhysicianName: [0x00080090, 'PN'],
  InstitutionName: [0x00080080, 'LO'],
  Modality: [0x00080060, 'CS'],
  SeriesNumber: [0x00200011, 'IS'],
  SeriesDate: [0x00080021, 'DA'],
  SeriesTime: [0x00080031, 'TM'],
  SeriesDescription: [0x0008103e, 'LO'],
  BodyPartExamined: [0x00180015, 'CS'],
  Laterality: [0x00200060, 'CS'],
  StationName: [0x00081010, 'SH'],
  Manufacturer: [0x00080070, 'LO'],
  PerformedProcedureStepStartDate: [0x00400244, 'DA'],
  PerformedProcedureStepStartTime: [0x00400245, 'TM'],
  InstanceNumber: [0x00200013, 'IS'],
  Rows: [0x00280010, 'US'],
  Columns: [0x00280011, 'US'],
  BitsAllocated: [0x00280100, 'US'],
  NumberOfFrames: [0x00280008, 'IS'],
  ContentDate: [0x00080023, 'DA'],
  ContentTime: [0x00080033, 'TM'],
};

export const SPECIFIC_CHARACTER_SET = 0x00080005;

/** Tags that reading for the index stops at nothing but these to look into. */
export const WANTED_TAGS: ReadonlySet<number> = new Set([
  SPECIFIC_CHARACTER_SET,
  ...Object.values(HEADER_ATTRIBUTES).map(([tag]) => tag),
]);

/** After this tag nothing of the header is missing any more. */
export const LAST_HEADER_TAG = 0x00400245;
