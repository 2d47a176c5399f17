/**
 * What the index keeps of an instance, decoded to Unicode. Names are PS3.6 keywords. `null` is absent or empty.
 * Dates are `YYYY-MM-DD`, times `HH:MM:SS(.ffffff)`; a value that is not a date is `null` here and stays in the stored bytes.
 */
export interface InstanceHeader {
  readonly SOPClassUID: string;
  readonly SOPInstanceUID: string;
  readonly StudyInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly TransferSyntaxUID: string;

  readonly PatientID: string | null;
  readonly IssuerOfPatientID: string | null;
  /** Component groups joined by `=`, as in the standard, without trailing empty components and groups. */
  readonly PatientName: string | null;
  readonly PatientBirthDate: string | null;
  readonly PatientSex: string | null;

  readonly StudyDate: string | null;
  readonly StudyTime: string | null;
  readonly TimezoneOffsetFromUTC: string | null;
  readonly StudyID: string | null;
  readonly StudyDescription: string | null;
  readonly AccessionNumber: string | null;
  readonly ReferringPhysicianName: string | null;
  readonly InstitutionName: string | null;

  readonly Modality: string | null;
  readonly SeriesNumber: number | null;
  readonly SeriesDate: string | null;
  readonly SeriesTime: string | null;
  readonly SeriesDescription: string | null;
  readonly BodyPartExamined: string | null;
  readonly Laterality: string | null;
  readonly StationName: string | null;
  readonly Manufacturer: string | null;
  readonly PerformedProcedureStepStartDate: string | null;
  readonly PerformedProcedureStepStartTime: string | null;

  readonly InstanceNumber: number | null;
  readonly Rows: number | null;
  readonly Columns: number | null;
  readonly BitsAllocated: number | null;
  /** 1 when there is Pixel Data without Number of Frames; `null` when the object has no pixels. */
  readonly NumberOfFrames: number | null;
  readonly ContentDate: string | null;
  readonly ContentTime: string | null;
}
