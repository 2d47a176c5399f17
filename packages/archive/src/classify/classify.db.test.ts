// Real: PostgreSQL 18 (embedded), the index function, row-level security, the audit chain. Heads are given by the test; jobs are run by it.
import {
  type EnqueueJob,
  type InstanceHeader,
  type Permission,
  type Principal,
  RuleConditions,
  RuleResult,
  type ViewRuleDraft,
} from '@archwire/contracts';
import { ingestBatch } from '@archwire/database';
import { createTestDatabase, type TestDatabase, testRow, type TestTenant } from '@archwire/database/testing';
import { imageView, readInstanceHead, type ShownView } from '@archwire/dicom';
import { writeObject } from '@archwire/test-data';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readStudy } from '../timeline/read-study.ts';
import { correctImage, restoreImage } from './correct-image.ts';
import { findImages } from './find-images.ts';
import { createRuleRunner, listRuleRuns, startRuleRun } from './rule-runs.ts';
import { SHIPPED_RULES } from './shipped-rules.ts';
import { suggestRule } from './suggest-rule.ts';
import { tryRule } from './try-rule.ts';
import {
  changeViewRule,
  listViewRules,
  makeViewRule,
  orderViewRules,
  removeViewRule,
} from './view-rule-service.ts';
import { writeClassifications } from './write-classifications.ts';

const XRAY = '1.2.840.10008.5.1.4.1.1.1.1';
let database: TestDatabase;
let tenant: TestTenant;
let clinician: Principal;
let count = 0;
let sop = 0;

const principal = (permissions: readonly Permission[], owner = tenant): Principal => ({
  tenantId: owner.tenantId,
  kind: 'user',
  id: '33333333-3333-7333-8333-333333333333',
  locationId: null,
  permissions: new Set(permissions),
  address: null,
  userAgent: null,
  requestId: 'r1',
});
const ALL: readonly Permission[] = ['imaging.study.read', 'imaging.view.write', 'imaging.rule.write'];

beforeAll(async () => {
  database = await createTestDatabase();
});
beforeEach(async () => {
  tenant = await database.tenant(`Group ${(count += 1)}`);
  clinician = principal(ALL);
});
afterAll(async () => await database.close());

const device = async (name: string, owner = tenant): Promise<string> => {
  const [row] = await database.owner<{ id: string }>(
    `insert into device (tenant_id, name, kind, ae_title, location_id) values ($1, $2, 'panoramic', $2, $3) returning id`,
    [owner.tenantId, name, owner.locationId],
  );
  return row?.id ?? '';
};

interface Sent {
  readonly study: string;
  readonly device?: string;
  readonly header?: Partial<InstanceHeader>;
  readonly shown?: Partial<ShownView> | null;
  readonly owner?: TestTenant;
}

const SHOWN: ShownView = {
  view: 'radiograph',
  teeth: [],
  laterality: null,
  viewKey: null,
  origin: 'class',
  modelName: 'X 1',
  protocolName: null,
};

/** An image as a device sends it, and what deriving its pictures leaves behind; `shown: null`: nobody has looked yet. */
const send = async ({
  study,
  device: deviceId,
  header,
  shown = {},
  owner = tenant,
}: Sent): Promise<string> => {
  sop += 1;
  const row = testRow(owner, {
    StudyInstanceUID: study,
    SeriesInstanceUID: `${study}.${sop}`,
    SOPInstanceUID: `1.9.${sop}`,
    SOPClassUID: XRAY,
    Modality: 'DX',
    Manufacturer: 'Sensor GmbH',
    Rows: 1316,
    Columns: 2892,
    ...header,
  });
  const [stored] = await ingestBatch(database.db.knex, [
    { ...row, source: { ...row.source, deviceId: deviceId ?? null } },
  ]);
  const id = stored?.instanceId ?? '';
  if (shown !== null) await look(id, shown, row.sha256.toString('hex'), owner);
  return id;
};
const look = async (id: string, shown: Partial<ShownView>, sha256: string, owner = tenant): Promise<void> =>
  await database.db.withTenant(
    owner.tenantId,
    async (trx) =>
      await writeClassifications(trx, [{ instance: { id, sha256 }, shown: { ...SHOWN, ...shown } }]),
  );

const find = async (id: string, owner = tenant) => {
  const [image] = await database.db.withTenant(owner.tenantId, async (trx) => await findImages(trx, [id]));
  return [image?.shown?.view ?? null, image?.shown?.origin ?? null];
};

const draft = (
  conditions: Partial<RuleConditions>,
  result: Partial<RuleResult>,
  name = 'Rule',
): ViewRuleDraft => ({
  name,
  active: true,
  conditions: RuleConditions.parse(conditions),
  result: RuleResult.parse(result),
});
const correction = (instanceId: string) =>
  ({ instanceId, view: 'panoramic', teeth: [], laterality: null }) as const;

/** The job as a worker runs it, from the queue that the use case puts it on. */
const run = async (ruleId: string | null, heads: ReadonlyMap<string, Buffer> = new Map()) => {
  const { withTenant } = database.db;
  const asked: string[] = [];
  const enqueue: EnqueueJob = async (name, payload) => {
    asked.push(name);
    if ('runId' in payload)
      await createRuleRunner({
        withTenant,
        reader: { head: async ({ id }) => readInstanceHead(heads.get(String(id)) ?? Buffer.alloc(0)) },
      }).apply({ tenantId: payload.tenantId, runId: payload.runId });
  };
  await startRuleRun({ withTenant, enqueue }, clinician, ruleId);
  expect(asked).toEqual(['apply-view-rules']);
  const [last] = await listRuleRuns(withTenant, clinician);
  return { state: last?.state, looked: last?.looked, changed: last?.changed };
};

describe('a correction', () => {
  it('counts at once, holds when the head is read again, and can be taken back', async () => {
    const { withTenant } = database.db;
    const id = await send({ study: '1.1' });
    const corrected = await correctImage(withTenant, clinician, {
      instanceId: id,
      view: 'periapical',
      teeth: ['36', '11'],
      laterality: 'L',
    });
    expect(corrected).toEqual({
      before: { view: 'radiograph', teeth: [], laterality: null, origin: 'class', ruleName: null },
      after: { view: 'periapical', teeth: ['11', '36'], laterality: 'L', origin: 'person', ruleName: null },
    });
    const [instance] = await database.owner<{ sha: string }>(
      `select encode(sha256, 'hex') as sha from instance where id = $1::bigint`,
      [id],
    );
    await look(id, { view: 'ceph-lateral', origin: 'codes' }, instance?.sha ?? '');
    expect(await find(id)).toEqual(['periapical', 'person']);
    const [study] = await database.owner<{ id: string }>(
      `select id from study where tenant_id = $1 and study_uid = '1.1'`,
      [tenant.tenantId],
    );
    const page = await readStudy(withTenant, clinician, study?.id ?? '');
    expect(page.series[0]?.images[0]).toMatchObject({
      view: 'periapical',
      teeth: ['11', '36'],
      laterality: 'L',
      origin: 'person',
    });
    await restoreImage(withTenant, clinician, id);
    expect(await find(id)).toEqual(['ceph-lateral', 'codes']);
    const audit = await database.owner<{ action: string; after: unknown }>(
      `select action, entry::jsonb -> 'after' as after from audit_log where tenant_id = $1 and entity = 'instance' order by seq`,
      [tenant.tenantId],
    );
    expect(audit).toEqual([
      {
        action: 'imaging.image.classify',
        after: { view: 'periapical', teeth: '11 36', laterality: 'L', origin: 'person' },
      },
      {
        action: 'imaging.image.classify.undo',
        after: { view: 'ceph-lateral', teeth: '', laterality: null, origin: 'codes' },
      },
    ]);
  });

  it('works on an image that nobody has looked at, and leaves nothing behind when taken back', async () => {
    const id = await send({ study: '1.2', shown: null });
    await correctImage(database.db.withTenant, clinician, correction(id));
    expect(await find(id)).toEqual(['panoramic', 'person']);
    await restoreImage(database.db.withTenant, clinician, id);
    expect(await find(id)).toEqual([null, null]);
  });

  it('needs the permission, and an image of the own group that is not rejected', async () => {
    const { withTenant } = database.db;
    const id = await send({ study: '1.3' });
    const other = await database.tenant('Other');
    await expect(
      correctImage(withTenant, principal(['imaging.study.read']), correction(id)),
    ).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(correctImage(withTenant, principal(ALL, other), correction(id))).rejects.toMatchObject({
      kind: 'not-found',
    });
    await database.owner(`update study set match_state = 'rejected' where tenant_id = $1`, [tenant.tenantId]);
    await expect(correctImage(withTenant, clinician, correction(id))).rejects.toMatchObject({
      kind: 'not-found',
    });
    expect(await find(id)).toEqual(['radiograph', 'class']);
  });
});

describe('learning from a correction', () => {
  it('makes a rule of what tells the image apart, for later arrivals and on request for earlier ones', async () => {
    const { withTenant } = database.db;
    const [pano, ceph] = [await device('PANO-1'), await device('CEPH-1')];
    const alike = { header: { SeriesDescription: 'Program 5' } };
    const first = await send({ study: '2.1', device: pano, ...alike });
    const earlier = await send({ study: '2.2', device: pano, ...alike });
    const otherSeries = await send({
      study: '2.2',
      device: pano,
      header: { SeriesDescription: 'Program 6' },
    });
    const otherDevice = await send({ study: '2.3', device: ceph, ...alike });
    const byHand = await send({ study: '2.4', device: pano, ...alike });
    await correctImage(withTenant, clinician, { ...correction(byHand), view: 'ceph-lateral' });
    await correctImage(withTenant, clinician, correction(first));

    const { rule, deviceName } = await suggestRule(withTenant, clinician, first);
    expect([deviceName, rule]).toEqual([
      'PANO-1',
      draft(
        {
          deviceId: pano,
          sopClassUid: XRAY,
          modality: 'DX',
          seriesDescription: 'Program 5',
          readView: 'radiograph',
          // The one that a person called a cephalogram fits too: the size may tell them apart.
          minRows: 1316,
          maxRows: 1316,
          minColumns: 2892,
          maxColumns: 2892,
        },
        { view: 'panoramic' },
        'PANO-1: Program 5',
      ),
    ]);
    const tried = await tryRule(withTenant, clinician, { rule });
    expect(tried.images.filter(({ changes }) => changes).map(({ instanceId }) => instanceId)).toEqual([
      earlier,
    ]);
    expect([tried.matched, tried.changed]).toEqual([3, 1]);

    const { id } = await makeViewRule(withTenant, clinician, rule, first);
    const later = await send({ study: '2.5', device: pano, ...alike });
    expect([await find(later), await find(earlier)]).toEqual([
      ['panoramic', 'rule'],
      ['radiograph', 'class'],
    ]);
    expect(await run(id)).toEqual({ state: 'done', looked: 5, changed: 1 });
    const all = [earlier, later, first, byHand, otherSeries, otherDevice];
    expect(await Promise.all(all.map(async (each) => await find(each)))).toEqual([
      ['panoramic', 'rule'],
      ['panoramic', 'rule'],
      ['panoramic', 'person'],
      ['ceph-lateral', 'person'],
      ['radiograph', 'class'],
      ['radiograph', 'class'],
    ]);

    await removeViewRule(withTenant, clinician, id);
    await run(null);
    expect([await find(earlier), await find(first)]).toEqual([
      ['radiograph', 'class'],
      ['panoramic', 'person'],
    ]);
  });

  it('overrules the codes of a device only when codes were corrected', async () => {
    const id = await device('WRONG');
    const image = await send({ study: '3.1', device: id, shown: { view: 'ceph-frontal', origin: 'codes' } });
    await correctImage(database.db.withTenant, clinician, correction(image));
    const { rule } = await suggestRule(database.db.withTenant, clinician, image);
    expect(rule.result.overridesCodes).toBe(true);
    await makeViewRule(database.db.withTenant, clinician, rule, image);
    const shown = { view: 'ceph-frontal', origin: 'codes' } as const;
    const [same, other] = [
      await send({ study: '3.2', device: id, shown }),
      await send({ study: '3.3', device: id, shown: { ...shown, view: 'ceph-lateral' } }),
    ];
    expect([await find(same), await find(other)]).toEqual([
      ['panoramic', 'rule'],
      ['ceph-lateral', 'codes'],
    ]);
  });

  it('of a side alone learns the side', async () => {
    const id = await device('MIRRORED');
    const image = await send({ study: '3.5', device: id, shown: { laterality: 'R' } });
    await correctImage(database.db.withTenant, clinician, {
      instanceId: image,
      view: 'radiograph',
      teeth: [],
      laterality: 'L',
    });
    const { rule } = await suggestRule(database.db.withTenant, clinician, image);
    expect(rule.result).toEqual(
      RuleResult.parse({ view: 'radiograph', laterality: 'L', overridesCodes: true }),
    );
  });

  it('reads heads that were looked at before origins were kept', async () => {
    const id = await device('OLD');
    const image = await send({ study: '4.1', device: id, shown: null });
    await database.owner(
      `insert into instance_view (tenant_id, instance_id, view) values ($1, $2::bigint, 'radiograph')`,
      [tenant.tenantId, image],
    );
    const { id: ruleId } = await makeViewRule(
      database.db.withTenant,
      clinician,
      draft({ deviceId: id, modelName: 'orthopan*' }, { view: 'panoramic' }),
    );
    const head = writeObject({
      SOPClassUID: XRAY,
      SOPInstanceUID: '1.2.3.4',
      StudyInstanceUID: '1.2.3',
      SeriesInstanceUID: '1.2.3.1',
      Modality: 'DX',
      ManufacturerModelName: 'Orthopan 7',
    });
    expect(imageView(readInstanceHead(head)).modelName).toBe('Orthopan 7');
    expect(await run(ruleId, new Map([[image, head]]))).toEqual({ state: 'done', looked: 1, changed: 1 });
    expect(await find(image)).toEqual(['panoramic', 'rule']);
  });
});

describe('the rules of a group', () => {
  it('stand before those that are shipped, are asked in their order, and are nobody else’s', async () => {
    const { withTenant } = database.db;
    const shipped = SHIPPED_RULES.map(({ name }) => name);
    const names = async (who = clinician) => (await listViewRules(withTenant, who)).map(({ name }) => name);
    const one = await makeViewRule(withTenant, clinician, draft({ modality: 'DX' }, { view: 'scan' }, 'one'));
    const two = await makeViewRule(
      withTenant,
      clinician,
      draft({ modality: 'DX' }, { view: 'smile' }, 'two'),
    );
    expect(await names()).toEqual(['two', 'one', ...shipped]);
    await orderViewRules(withTenant, clinician, [one.id, two.id]);
    expect(await names()).toEqual(['one', 'two', ...shipped]);
    const first = SHIPPED_RULES[0];
    if (first === undefined) throw new Error('No rule is shipped.');
    await changeViewRule(withTenant, clinician, first.id, {
      ...draft({ modality: 'PX' }, { view: 'scan' }),
      active: false,
    });
    expect(await names()).toEqual(['one', 'two', 'Rule', ...shipped.slice(1)]);
    await removeViewRule(withTenant, clinician, first.id);
    await expect(removeViewRule(withTenant, clinician, first.id)).rejects.toMatchObject({ kind: 'invalid' });

    const other = principal(ALL, await database.tenant('Other'));
    expect(await names(other)).toEqual(shipped);
    await expect(removeViewRule(withTenant, other, one.id)).rejects.toMatchObject({ kind: 'not-found' });
    await expect(
      changeViewRule(withTenant, other, one.id, draft({ modality: 'DX' }, { view: 'scan' })),
    ).rejects.toMatchObject({ kind: 'not-found' });
    await expect(
      makeViewRule(withTenant, other, draft({ deviceId: await device('MINE') }, { view: 'scan' })),
    ).rejects.toMatchObject({ kind: 'invalid' });
    await orderViewRules(withTenant, other, [two.id, one.id]);
    expect(await names()).toEqual(['one', 'two', ...shipped]);
  });

  it('do nothing to images of another group', async () => {
    const other = await database.tenant('Other');
    await makeViewRule(database.db.withTenant, clinician, draft({ modality: 'DX' }, { view: 'panoramic' }));
    const theirs = await send({ study: '5.1', owner: other });
    const ours = await send({ study: '5.1' });
    await run(null);
    expect([await find(theirs, other), await find(ours)]).toEqual([
      ['radiograph', 'class'],
      ['panoramic', 'rule'],
    ]);
  });

  it('are for those who may write them', async () => {
    const assistant = principal(['imaging.study.read', 'imaging.view.write']);
    const { withTenant } = database.db;
    const rule = draft({ modality: 'DX' }, { view: 'scan' });
    const forbidden = { kind: 'forbidden' };
    await expect(listViewRules(withTenant, assistant)).rejects.toMatchObject(forbidden);
    await expect(makeViewRule(withTenant, assistant, rule)).rejects.toMatchObject(forbidden);
    await expect(tryRule(withTenant, assistant, { rule })).rejects.toMatchObject(forbidden);
    await expect(suggestRule(withTenant, assistant, '1')).rejects.toMatchObject(forbidden);
    await expect(
      startRuleRun({ withTenant, enqueue: async () => {} }, assistant, null),
    ).rejects.toMatchObject(forbidden);
  });
});
