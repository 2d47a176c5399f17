import { deterministicUid } from './deterministic-uid.ts';
import type { NaturalDataset } from './write-object.ts';

export interface SyntheticPatient {
  readonly PatientID: string;
  readonly IssuerOfPatientID: string;
  readonly PatientName: string;
  /** DICOM DA, `YYYYMMDD`. */
  readonly PatientBirthDate: string;
  readonly PatientSex: 'F' | 'M' | 'O';
}

/** One visit: what all of its images share. */
export interface SyntheticStudy {
  readonly patient: SyntheticPatient;
  /** Names the study; the same name gives the same UIDs. */
  readonly name: string;
  readonly StudyDate: string;
  readonly StudyTime: string;
  readonly StudyDescription: string;
  readonly AccessionNumber: string;
  readonly StudyID: string;
  /** Seeds the anatomy: the same for all studies of a patient. */
  readonly seed: number;
  /** 0 before treatment, 1 aligned. */
  readonly progress: number;
  /** Days since treatment started. */
  readonly dayOfTreatment: number;
}

/** Patient, General Study, General Series, General Equipment and SOP Common (PS3.3 C.7.1–C.7.5, C.12.1) of one object. */
export const commonModules = (
  study: SyntheticStudy,
  object: {
    SOPClassUID: string;
    Modality: string;
    series: string;
    SeriesNumber: number;
    SeriesDescription: string;
    InstanceNumber: number;
    StationName: string;
    model: string;
  },
): NaturalDataset => ({
  SOPClassUID: object.SOPClassUID,
  SOPInstanceUID: deterministicUid(`${study.name}/${object.series}/${object.InstanceNumber}`),
  StudyInstanceUID: deterministicUid(study.name),
  SeriesInstanceUID: deterministicUid(`${study.name}/${object.series}`),
  ...study.patient,
  StudyDate: study.StudyDate,
  StudyTime: study.StudyTime,
  SeriesDate: study.StudyDate,
  SeriesTime: study.StudyTime,
  ContentDate: study.StudyDate,
  ContentTime: study.StudyTime,
  StudyDescription: study.StudyDescription,
  AccessionNumber: study.AccessionNumber,
  StudyID: study.StudyID,
  ReferringPhysicianName: 'Angle^Edith',
  Modality: object.Modality,
  SeriesNumber: object.SeriesNumber,
  SeriesDescription: object.SeriesDescription,
  InstanceNumber: object.InstanceNumber,
  Manufacturer: 'Archwire',
  ManufacturerModelName: object.model,
  DeviceSerialNumber: 'SYNTHETIC',
  SoftwareVersions: '1',
  StationName: object.StationName,
  InstitutionName: 'Archwire Demonstration Clinic',
});
