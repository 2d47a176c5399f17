/** One attribute of the DICOM JSON Model (PS3.18 section F.2). */
export interface DicomJsonElement {
  readonly vr: string;
  readonly Value?: readonly unknown[];
  readonly BulkDataURI?: string;
  readonly InlineBinary?: string;
}

/** Attributes by tag: eight upper-case hexadecimal digits. */
export type DicomJsonDataSet = Readonly<Record<string, DicomJsonElement>>;
