/** The patient of an order, as far as a dialog shows it. */
export interface PatientChoice {
  readonly id: string;
  /** VR PN. */
  readonly name: string | null;
  readonly birthDate: string | null;
  readonly sex: string | null;
  readonly recordNumber: string | null;
}
