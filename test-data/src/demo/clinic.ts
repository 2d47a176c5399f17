import type { SyntheticStudy } from '../dicom/modules.ts';
import { cbct } from '../studies/cbct.ts';
import { ceph } from '../studies/ceph.ts';
import { treatmentHistory } from '../studies/history.ts';
import { intraoral, INTRAORAL_SURVEY } from '../studies/intraoral.ts';
import { panoramic } from '../studies/panoramic.ts';
import { photos } from '../studies/photos.ts';
import { scan } from '../studies/scan.ts';

/** The visits of the demonstration: six patients, three of them in treatment over several progresses. */
export const clinicVisits = (): SyntheticStudy[] =>
  [3, 2, 2, 0, 0, 0].flatMap((progresses, index) => treatmentHistory(index + 1, progresses));

/** Every object of one visit. The first visit of a patient has the full records; the others photographs and a panoramic. */
export async function* visitObjects(study: SyntheticStudy): AsyncGenerator<Buffer> {
  const first = study.dayOfTreatment === 0;
  yield await panoramic(study);
  yield* photos(study);
  if (!first) return;
  yield await ceph(study);
  for (const [index, exposure] of INTRAORAL_SURVEY.entries())
    yield await intraoral(study, exposure, index + 1);
  yield scan(study, 'upper');
  yield scan(study, 'lower');
  yield* cbct(study, { matrix: 200, slices: 120, voxel: 0.5 });
}
