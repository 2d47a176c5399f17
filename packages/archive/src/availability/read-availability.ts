import type { Transaction } from '../query/transaction.ts';

/** What of a study can be fetched. */
export interface StudyAvailability {
  readonly studyUid: string;
  /** Counts up with every arrival: the same revision says the same. */
  readonly revision: number;
  readonly series: readonly {
    readonly seriesUid: string;
    readonly instances: readonly { readonly SOPClassUID: string; readonly SOPInstanceUID: string }[];
  }[];
}

interface Row {
  readonly study_uid: string;
  readonly revision: number;
  readonly series_uid: string;
  readonly sop_uid: string;
  readonly sop_class: string;
}

/**
 * The settled study for one device. `null` when there is nothing to tell: something of it has not settled, a person
 * rejected it, it is gone, or the device was told of this revision already.
 */
export const readAvailability = async (
  trx: Transaction,
  studyId: string,
  deviceId: string,
): Promise<StudyAvailability | null> => {
  const { rows }: { rows: Row[] } = await trx.raw(
    `select s.study_uid, s.revision, e.series_uid, i.sop_uid,
            (select u.uid from uid_code u where u.code = i.sop_class) as sop_class
       from study s
       join series e on e.tenant_id = s.tenant_id and e.study_id = s.id
       join instance i on i.tenant_id = e.tenant_id and i.series_id = e.id
      where s.id = ? and s.match_state <> 'rejected'
        and not exists (select from series u where u.tenant_id = s.tenant_id and u.study_id = s.id and u.unsettled_count > 0)
        and not exists (select from availability_notice n
                         where n.tenant_id = s.tenant_id and n.study_id = s.id and n.device_id = ? and n.revision >= s.revision)
      order by e.series_number nulls last, e.id, i.instance_number nulls last, i.id`,
    [studyId, deviceId],
  );
  const [first] = rows;
  if (first === undefined) return null;
  return {
    studyUid: first.study_uid,
    revision: first.revision,
    series: [...Map.groupBy(rows, ({ series_uid }) => series_uid)].map(([seriesUid, instances]) => ({
      seriesUid,
      instances: instances.map(({ sop_class, sop_uid }) => ({
        SOPClassUID: sop_class,
        SOPInstanceUID: sop_uid,
      })),
    })),
  };
};
