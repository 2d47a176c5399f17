import type { ShownView } from '@archwire/dicom';
import type { Transaction } from '../query/transaction.ts';
import { classifyImage } from './classify-image.ts';
import { findImages } from './find-images.ts';
import { readViewRules } from './read-view-rules.ts';

/** An image with what its head says; `null`: the index knows as much. */
export interface ReadImage {
  readonly instance: { readonly id: number | string; readonly sha256: string };
  readonly shown: ShownView | null;
}

/**
 * Notes what images show: what they say themselves, and what the rules of the group make of it. A person's correction
 * stays. Left out are those that are gone or show other bytes by now.
 */
export const writeClassifications = async (trx: Transaction, images: readonly ReadImage[]): Promise<void> => {
  const heads = new Map(
    images.flatMap(({ instance: { id, sha256 }, shown }) =>
      shown === null ? [] : [[String(id), { sha256, shown }] as const],
    ),
  );
  if (heads.size === 0) return;
  const rules = await readViewRules(trx);
  const rows = (await findImages(trx, [...heads.keys()])).flatMap(({ instanceId, traits }) => {
    const head = heads.get(instanceId);
    if (head === undefined) return [];
    const { modelName, protocolName, ...read } = head.shown;
    const counts = classifyImage(read, { ...traits, modelName, protocolName }, rules);
    return [{ id: instanceId, sha256: head.sha256, modelName, protocolName, read, counts }];
  });
  await trx.raw(
    `insert into instance_view (tenant_id, instance_id, view, teeth, laterality, view_key, origin, rule_id,
            read_view, read_teeth, read_laterality, read_view_key, read_origin, model_name, protocol_name)
     select i.tenant_id, i.id, r.counts ->> 'view', array(select jsonb_array_elements_text(r.counts -> 'teeth')),
            r.counts ->> 'laterality', r.counts ->> 'viewKey', r.counts ->> 'origin', (r.counts ->> 'ruleId')::uuid,
            r.read ->> 'view', array(select jsonb_array_elements_text(r.read -> 'teeth')),
            r.read ->> 'laterality', r.read ->> 'viewKey', r.read ->> 'origin', r."modelName", r."protocolName"
       from jsonb_to_recordset(?::jsonb) as r(id bigint, sha256 text, counts jsonb, read jsonb, "modelName" text, "protocolName" text)
       join instance i on i.id = r.id and i.sha256 = decode(r.sha256, 'hex')
     on conflict (tenant_id, instance_id) do update set
       read_view = excluded.read_view, read_teeth = excluded.read_teeth, read_laterality = excluded.read_laterality,
       read_view_key = excluded.read_view_key, read_origin = excluded.read_origin,
       model_name = excluded.model_name, protocol_name = excluded.protocol_name,
       view = case when instance_view.origin = 'person' then instance_view.view else excluded.view end,
       teeth = case when instance_view.origin = 'person' then instance_view.teeth else excluded.teeth end,
       laterality = case when instance_view.origin = 'person' then instance_view.laterality else excluded.laterality end,
       view_key = case when instance_view.origin = 'person' then instance_view.view_key else excluded.view_key end,
       rule_id = case when instance_view.origin = 'person' then null else excluded.rule_id end,
       origin = case when instance_view.origin = 'person' then 'person' else excluded.origin end`,
    [JSON.stringify(rows)],
  );
};
