/** Where the pages of a study are in the app, and what they are called. */
export interface WhereStudy {
  readonly studyId: string;
  readonly patientId: string | null;
  /** `Family^Given`, as DICOM writes it. */
  readonly patientName: string | null;
  readonly description: string | null;
  readonly studyDate: string | null;
  readonly dayOffset: number | null;
}

const isText = (value: unknown): value is string | null => value === null || typeof value === 'string';

const isWhereStudy = (value: unknown): value is WhereStudy =>
  typeof value === 'object' &&
  value !== null &&
  'studyId' in value &&
  typeof value.studyId === 'string' &&
  'patientId' in value &&
  isText(value.patientId) &&
  'patientName' in value &&
  isText(value.patientName) &&
  'description' in value &&
  isText(value.description) &&
  'studyDate' in value &&
  isText(value.studyDate) &&
  'dayOffset' in value &&
  (value.dayOffset === null || typeof value.dayOffset === 'number');

/** Asks the API about a study that OHIF knows by its UID; `undefined` when it cannot say, which is no reason to disturb. */
export async function whereStudy(
  studyInstanceUid: string,
  authorization: Record<string, string>,
): Promise<WhereStudy | undefined> {
  try {
    const answer = await fetch(`/api/v1/studies/by-uid/${encodeURIComponent(studyInstanceUid)}`, {
      headers: authorization,
      credentials: 'same-origin',
    });
    const body: unknown = answer.ok ? await answer.json() : undefined;
    return isWhereStudy(body) ? body : undefined;
  } catch {
    return undefined;
  }
}
