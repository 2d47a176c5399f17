import type { Transaction } from '../query/transaction.ts';
import { findImages, type FoundImage } from './find-images.ts';

/** Studies that are looked through, and images of a series that are looked at; more would show more of the same. */
const STUDIES = 200;
const OF_A_SERIES = 12;

/** Slices of a volume are no matter of rules, and hundreds. */
export const NO_VOLUME = `not (e.modality in ('CT', 'MR', 'PT', 'NM') and e.instance_count > ${OF_A_SERIES})`;

const STUDIES_OF_DEVICE =
  'select study_id as id from study_device where device_id = ? order by study_id desc limit ?';
const ALL_STUDIES = 'select id from study order by id desc limit ?';

/**
 * The last images of a device (or of all), newest first, among its last two hundred studies: ids of studies and images go
 * by time, so both come from an index.
 */
export const recentImages = async (
  trx: Transaction,
  deviceId: string | null,
  limit: number,
): Promise<readonly FoundImage[]> => {
  const { rows }: { rows: { id: string }[] } = await trx.raw(
    `select i.id::text as id from (${deviceId === null ? ALL_STUDIES : STUDIES_OF_DEVICE}) k
      cross join lateral (select * from series n where n.study_id = k.id offset 0) e
      cross join lateral (
        select n.id from instance n where n.series_id = e.id ${deviceId === null ? '' : 'and n.device_id = ?'}
         order by n.instance_number, n.id limit ${OF_A_SERIES}) i
      where ${NO_VOLUME} order by i.id desc limit ?`,
    deviceId === null ? [STUDIES, limit] : [deviceId, STUDIES, deviceId, limit],
  );
  const images = await findImages(
    trx,
    rows.map(({ id }) => id),
  );
  return images.toReversed();
};
