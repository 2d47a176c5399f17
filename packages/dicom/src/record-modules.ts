import { createHash } from 'node:crypto';
import type { NaturalDataSet } from './natural-data-set.ts';

/** Whose an object is and to which visit it belongs, as the modules Patient and General Study have it. */
export interface RecordStudy {
  readonly PatientID: string;
  readonly IssuerOfPatientID: string;
  readonly PatientName: string;
  /** `YYYYMMDD`; empty when not known. */
  readonly PatientBirthDate: string;
  readonly PatientSex: string;
  readonly StudyInstanceUID: string;
  readonly StudyDate: string;
  readonly StudyTime: string;
  readonly StudyDescription: string;
  readonly AccessionNumber: string;
  readonly StudyID: string;
  readonly ReferringPhysicianName: string;
}

/** The same words give the same UID (PS3.5 B.2, from a SHA-256), so that what is brought in twice is there once. */
export const uidOf = (...words: readonly string[]): string => {
  const hash = createHash('sha256').update(JSON.stringify(words)).digest('hex').slice(0, 32);
  return `2.25.${BigInt(`0x${hash}`)}`;
};

/** Patient, General Study, General Series, General Equipment and SOP Common of an object made from a file. */
export const recordModules = (
  study: RecordStudy,
  object: {
    readonly SOPClassUID: string;
    readonly SOPInstanceUID: string;
    readonly Modality: string;
    /** Names the series within the study. */
    readonly series: string;
    readonly SeriesNumber: number;
    readonly SeriesDescription: string;
    readonly InstanceNumber: number;
    readonly Manufacturer: string;
    readonly ManufacturerModelName?: string | undefined;
  },
): NaturalDataSet => {
  const { series, ...attributes } = object;
  return {
    ...study,
    ...attributes,
    SeriesInstanceUID: uidOf('series', study.StudyInstanceUID, series),
    SeriesDate: study.StudyDate,
    SeriesTime: study.StudyTime,
  };
};
