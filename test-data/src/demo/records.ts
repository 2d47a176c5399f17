import type { SyntheticStudy } from '../dicom/modules.ts';
import { cbct } from '../studies/cbct.ts';
import { ceph } from '../studies/ceph.ts';
import { intraoral, INTRAORAL_SURVEY } from '../studies/intraoral.ts';
import { panoramic } from '../studies/panoramic.ts';
import { PHOTO_VIEWS } from '../studies/photo-views.ts';
import { photos } from '../studies/photos.ts';
import { scan } from '../studies/scan.ts';

/** What a device records at a visit. */
export type RecordKind = 'panoramic' | 'ceph' | 'photos' | 'bitewings' | 'periapicals' | 'cbct' | 'scan';

const CBCT = { matrix: 160, slices: 96, voxel: 0.6 } as const;
const PHOTO = { rows: 720, columns: 1080 } as const;
const exposures = (kind: 'bitewing' | 'periapical') =>
  INTRAORAL_SURVEY.map((exposure, index) => ({ exposure, number: index + 1 }))
    .filter(({ exposure }) => exposure.kind === kind)
    .slice(0, 3);

/** How many objects `recordObjects` makes. */
export const objectCount = (kind: RecordKind): number =>
  ({
    panoramic: 1,
    ceph: 1,
    photos: PHOTO_VIEWS.length,
    bitewings: exposures('bitewing').length,
    periapicals: exposures('periapical').length,
    cbct: CBCT.slices,
    scan: 2,
  })[kind];

/** The objects of one kind of record, one after the other. */
export async function* recordObjects(study: SyntheticStudy, kind: RecordKind): AsyncGenerator<Buffer> {
  switch (kind) {
    case 'panoramic':
      yield await panoramic(study);
      break;
    case 'ceph':
      yield await ceph(study);
      break;
    case 'photos':
      yield* photos(study, PHOTO);
      break;
    case 'bitewings':
    case 'periapicals':
      for (const { exposure, number } of exposures(kind === 'bitewings' ? 'bitewing' : 'periapical'))
        yield await intraoral(study, exposure, number);
      break;
    case 'cbct':
      yield* cbct(study, CBCT);
      break;
    case 'scan':
      yield scan(study, 'upper');
      yield scan(study, 'lower');
      break;
  }
}
