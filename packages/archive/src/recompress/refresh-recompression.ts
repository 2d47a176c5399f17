import { kindOfView } from '@archwire/contracts';
import { indexedView } from '@archwire/dicom';
import type { Transaction } from '../query/transaction.ts';

interface Row {
  readonly modality: string | null;
  readonly description: string | null;
  readonly class: string;
  readonly outcome: string;
  readonly instances: number;
  readonly received: number;
  readonly stored: number;
}

/** Says anew what recompression did to a series: its instances by kind and outcome. Needs the lock of the series. */
export const refreshRecompression = async (trx: Transaction, seriesId: string): Promise<void> => {
  const { rows }: { rows: Row[] } = await trx.raw(
    `select e.modality, e.description, u.uid as class,
            case when i.stored_length is not null then 'recompressed' else i.left_alone end as outcome,
            count(*)::int as instances, sum(i.length)::bigint as received, sum(coalesce(i.stored_length, i.length))::bigint as stored
       from instance i join series e on e.tenant_id = i.tenant_id and e.id = i.series_id
       join uid_code u on u.code = i.sop_class
      where i.series_id = ? and (i.stored_length is not null or i.left_alone is not null)
      group by 1, 2, 3, 4`,
    [seriesId],
  );
  const kindOf = ({ modality, description, class: SOPClassUID }: Row): string =>
    kindOfView(indexedView({ SOPClassUID, Modality: modality, SeriesDescription: description }));
  const groups = Map.groupBy(rows, (row) => `${kindOf(row)}/${row.outcome}`);
  const sums = [...groups.values()].flatMap((same) => {
    const [first] = same;
    return first === undefined
      ? []
      : [
          {
            kind: kindOf(first),
            outcome: first.outcome,
            instances: same.reduce((sum, row) => sum + row.instances, 0),
            received: same.reduce((sum, row) => sum + row.received, 0),
            stored: same.reduce((sum, row) => sum + row.stored, 0),
          },
        ];
  });
  await trx.raw('delete from recompression where series_id = ?', [seriesId]);
  if (sums.length === 0) return;
  await trx.raw(
    `insert into recompression (tenant_id, series_id, kind, outcome, instances, received_bytes, stored_bytes)
     select app_tenant(), ?, r.kind, r.outcome, r.instances, r.received, r.stored
       from jsonb_to_recordset(?::jsonb) as r(kind text, outcome text, instances int, received bigint, stored bigint)`,
    [seriesId, JSON.stringify(sums)],
  );
};
