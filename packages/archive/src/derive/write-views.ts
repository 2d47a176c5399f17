import type { Transaction } from '../query/transaction.ts';
import type { DerivedPictures } from './pack-derivatives.ts';

/** Notes what instances show; left out are those that are gone or show other bytes by now. */
export const writeViews = async (
  trx: Transaction,
  pictures: readonly Pick<DerivedPictures, 'instance' | 'shown'>[],
): Promise<void> => {
  const rows = pictures.flatMap(({ instance: { id, sha256 }, shown }) =>
    shown === null ? [] : [{ instanceId: id, sha256, ...shown }],
  );
  if (rows.length === 0) return;
  await trx.raw(
    `insert into instance_view (tenant_id, instance_id, view, teeth)
     select i.tenant_id, i.id, r.view, array(select jsonb_array_elements_text(r.teeth))
       from jsonb_to_recordset(?::jsonb) as r("instanceId" bigint, sha256 text, view text, teeth jsonb)
       join instance i on i.id = r."instanceId" and i.sha256 = decode(r.sha256, 'hex')
     on conflict (tenant_id, instance_id) do update set view = excluded.view, teeth = excluded.teeth`,
    [JSON.stringify(rows)],
  );
};
