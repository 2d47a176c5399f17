import type { DicomJson } from '@archwire/dicom';

export type PerformedStepState = 'in_progress' | 'completed' | 'discontinued';

/** A performed procedure step as it is kept. */
export interface PerformedStepRow {
  readonly id: string;
  readonly state: PerformedStepState;
  /** All that equipment said of it, in the DICOM JSON Model. */
  readonly data_set: DicomJson;
}
