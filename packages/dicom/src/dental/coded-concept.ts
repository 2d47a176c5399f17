/** One item of a code sequence (PS3.3 8.8), as it is written. */
export interface CodedConcept {
  readonly CodeValue: string;
  readonly CodingSchemeDesignator: string;
  readonly CodeMeaning: string;
}
