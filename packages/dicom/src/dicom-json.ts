/** A person name by component group (PS3.18 F.2.2); a group that is empty is left out. */
export interface PersonNameJson {
  Alphabetic?: string;
  Ideographic?: string;
  Phonetic?: string;
}

export type DicomJsonValue = string | number | null | PersonNameJson | DicomJson;

/** One attribute of the DICOM JSON model (PS3.18 F.2.3). An empty attribute has only `vr`. */
export interface DicomJsonAttribute {
  vr: string;
  Value?: DicomJsonValue[];
  BulkDataURI?: string;
  InlineBinary?: string;
}

/** A data set of the DICOM JSON model (PS3.18 annex F); keys are eight upper-case hexadecimal digits. */
export type DicomJson = Record<string, DicomJsonAttribute>;
