import type { Identity } from '../compare-identity.ts';

/** A patient whom images may belong to. */
export interface Candidate extends Identity {
  readonly patientId: string;
  readonly isRegistered: boolean;
  readonly recordNumber: string | null;
  readonly studyCount: number;
  readonly lastStudyDate: string | null;
}
