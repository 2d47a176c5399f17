// Real: PostgreSQL with row-level security, the restricted role, rows made by the ingest function. Expected answers come from a naive search in memory.
import { PERMISSIONS, type Permission, type Principal } from '@archwire/contracts';
import { foldName, ingestBatch } from '@archwire/database';
import { createTestDatabase, type TestDatabase, testRow, type TestTenant } from '@archwire/database/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countStudies } from './count-studies.ts';
import { searchStudies, type StudySearch } from './search-studies.ts';
import { readStudyFacets } from './study-facets.ts';
import { SEARCH_LIMITS, type SearchLimits } from './search-limits.ts';

const DEVICES = ['0190c0de-0000-7000-8000-0000000000d1', '0190c0de-0000-7000-8000-0000000000d2'];
const NAMES = [
  'Müller^Änne',
  'MULLER^Anne^Maria',
  "O'Hara^Scarlett",
  'Yamada^Tarou=山田^太郎=やまだ^たろう',
  'Smith-Jones^Pat',
  'Sm_th^Under%',
  'smith^anna',
  `${'Long'.repeat(30)}^Name`,
  null,
];
const PATIENT_IDS = ['A1', 'a12', 'SMITH7', 'A_1', 'A%', 'B\\2', 'Z 9', null];
const ACCESSIONS = ['1001', '1002', 'acc-7', null, 'ANNA1'];
const DATES = ['2024-01-31', '2024-02-01', '2024-02-02', '1999-12-31', null];
const TIMES = ['10:30:00', '22:15:07.123456', null, '08:00:00'];
const MODALITIES = ['IO', 'PX', 'CT'];

const pick = <T>(values: readonly T[], at: number): T => {
  const value = values[at % values.length];
  if (value === undefined) throw new Error('empty list');
  return value;
};

interface Known {
  readonly id: string;
  readonly uid: string;
  readonly name: string | null;
  readonly patientName: string | null;
  readonly identifiers: readonly string[];
  readonly onDate: string;
  readonly onTime: string;
  readonly modalities: readonly string[];
  readonly views: readonly string[];
  readonly devices: readonly string[];
  readonly locationId: string;
  readonly state: string;
}

let database: TestDatabase;
let tenant: TestTenant;
let other: TestTenant;
let second: string;
let known: readonly Known[];

const principal = (of: TestTenant, permissions: readonly Permission[] = PERMISSIONS): Principal => ({
  tenantId: of.tenantId,
  kind: 'user',
  id: '0190c0de-0000-7000-8000-000000000001',
  locationId: null,
  permissions: new Set(permissions),
  address: null,
  userAgent: null,
  requestId: 'r',
});

const rowOf = (to: TestTenant, at: number) => {
  const row = testRow(
    to,
    {
      StudyInstanceUID: `1.2.3.${at}`,
      SeriesInstanceUID: `1.2.3.${at}.1`,
      SOPInstanceUID: `1.2.3.${at}.1.1`,
      PatientName: pick(NAMES, at),
      PatientID: pick(PATIENT_IDS, at * 3 + Math.floor(at / 9)),
      PatientBirthDate: null,
      AccessionNumber: pick(ACCESSIONS, at * 7),
      StudyDate: pick(DATES, at * 11 + Math.floor(at / 5)),
      StudyTime: pick(TIMES, at * 13 + Math.floor(at / 6)),
      Modality: pick(MODALITIES, at),
    },
    { bytes: String(at) },
  );
  return {
    ...row,
    source: {
      ...row.source,
      locationId: at % 4 === 0 && to === tenant ? second : to.locationId,
      deviceId: at % 5 === 0 ? null : pick(DEVICES, at),
    },
  };
};

const readKnown = async (of: TestTenant): Promise<readonly Known[]> =>
  (
    await database.owner<{ known: Known }>(
      `select jsonb_build_object('id', s.id, 'uid', s.study_uid, 'name', s.pat_name, 'patientName', p.name,
         'identifiers', array_remove(array[s.pat_id, s.accession_no, p.mrn], null)
            || array(select k.value from patient_identifier k where k.patient_id = p.id),
         'onDate', s.on_date, 'onTime', s.on_time, 'locationId', s.location_id, 'state', s.match_state,
         'modalities', array(select m.modality from study_modality m where m.study_id = s.id),
         'views', array(select v.view from instance_view v join instance i on i.id = v.instance_id
            join series e on e.id = i.series_id where e.study_id = s.id),
         'devices', array(select distinct i.device_id from instance i join series e on e.id = i.series_id
            where e.study_id = s.id and i.device_id is not null)) as known
       from study s left join patient p on p.tenant_id = s.tenant_id and p.id = s.patient_id where s.tenant_id = $1`,
      [of.tenantId],
    )
  ).map((row) => row.known);

beforeAll(async () => {
  database = await createTestDatabase();
  tenant = await database.tenant('Listed');
  other = await database.tenant('Other');
  const [made] = await database.owner<{ id: string }>(
    `insert into location (tenant_id, name, issuer) values ($1, 'Second', $2) returning id`,
    [tenant.tenantId, tenant.issuer],
  );
  second = made?.id ?? '';
  for (const [at, id] of DEVICES.entries())
    await database.owner(
      `insert into device (id, tenant_id, name, ae_title, location_id) values ($1, $2, $3, $4, $5)`,
      [id, tenant.tenantId, `Device ${at}`, `DEVICE${at}`, tenant.locationId],
    );
  for (let at = 0; at < 150; at += 1) await ingestBatch(database.db.knex, [rowOf(tenant, at)]);
  await ingestBatch(database.db.knex, [rowOf(other, 1), rowOf(other, 2)]);
  // What images show was noted, said otherwise, and forgotten again.
  await database.owner(
    `insert into instance_view (tenant_id, instance_id, view)
       select i.tenant_id, i.id, case e.modality when 'PX' then 'panoramic' else 'periapical' end
         from instance i join series e on e.id = i.series_id where e.modality <> 'CT' and i.id % 4 > 0`,
  );
  await database.owner(
    `update instance_view set view = 'bitewing' where view = 'periapical' and instance_id % 4 = 1`,
  );
  await database.owner(`delete from instance_view where instance_id % 12 = 3`);
  // A person decided, a patient was renamed, a study was rejected: what the list shows is not what came.
  await database.owner(
    `update patient set name = 'Renamed^Zoë', name_folded = 'renamed^zoe', mrn = 'MRN-77'
      where id = (select patient_id from study where study_uid = '1.2.3.2' and tenant_id = $1)`,
    [tenant.tenantId],
  );
  await database.owner(
    `update study set match_state = 'rejected', quarantine_reason = null, patient_id = null
      where study_uid in ('1.2.3.5', '1.2.3.50') and tenant_id = $1`,
    [tenant.tenantId],
  );
  known = await readKnown(tenant);
});
afterAll(async () => await database.close());

const ALL: StudySearch = {
  text: '',
  modalities: [],
  kinds: [],
  locationIds: [],
  deviceIds: [],
  states: [],
  sort: 'study-date',
  limit: 200,
};
const search = async (asked: Partial<StudySearch>, as = principal(tenant), limits = SEARCH_LIMITS) =>
  await searchStudies(database.db.withTenant, as, { ...ALL, ...asked }, limits);

/** Every page of a search, one behind the other. */
const pages = async (asked: Partial<StudySearch>, limits?: SearchLimits): Promise<readonly string[]> => {
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const page = await search(
      { ...asked, ...(after === undefined ? {} : { after }) },
      principal(tenant),
      limits,
    );
    ids.push(...page.studies.map(({ studyId }) => studyId));
    after = page.next ?? undefined;
  } while (after !== undefined);
  return ids;
};

/** Written without looking at the SQL. */
const means = (study: Known, text: string): boolean => {
  const typed = text.split(/\s+/).filter((word) => word !== '');
  const byIdentifier = (word: string): boolean =>
    study.identifiers.some((each) => each.toLowerCase().startsWith(word.toLowerCase()));
  const byName = (name: string | null, word: string): boolean => {
    const have = (foldName(name) ?? '').split(/[\s^=]+/);
    const parts = (foldName(word.replaceAll(/[*?]/g, '')) ?? '')
      .split(/[\s^=]+/)
      .filter((part) => part !== '');
    return (
      name !== null && parts.length > 0 && parts.every((part) => have.some((each) => each.startsWith(part)))
    );
  };
  return (
    typed.length === 0 ||
    byIdentifier(typed.join(' ')) ||
    [study.name, study.patientName].some((name) =>
      typed.every((word) => byName(name, word) || byIdentifier(word)),
    )
  );
};

const expected = (asked: StudySearch): readonly string[] =>
  known
    .filter(
      (study) =>
        means(study, asked.text) &&
        (asked.from === undefined || study.onDate >= asked.from) &&
        (asked.to === undefined || study.onDate <= asked.to) &&
        (asked.kinds.length === 0 ||
          asked.kinds.some((kind) => study.views.includes(kind)) ||
          (asked.kinds.includes('cbct') && study.modalities.includes('CT'))) &&
        (asked.modalities.length === 0 || asked.modalities.some((each) => study.modalities.includes(each))) &&
        (asked.deviceIds.length === 0 || asked.deviceIds.some((each) => study.devices.includes(each))) &&
        (asked.locationIds.length === 0 || asked.locationIds.includes(study.locationId)) &&
        (asked.states.length === 0
          ? study.state !== 'rejected'
          : asked.states.some((state) => state === study.state)),
    )
    .toSorted((a, b) => {
      const of = ({ onDate, onTime, id }: Known): string =>
        asked.sort === 'received' ? id : `${onDate} ${onTime.padEnd(20, '\0')} ${id}`;
      return of(a) < of(b) ? 1 : -1;
    })
    .map(({ id }) => id);

const WORDS =
  "mul MÜLLER änne anne ann anna1 o o'hara ohara smith smith-jo sm_ sm_th 山 太郎 やま under% % _ \\ b\\2 a% a_1 A1 a " +
  '1001 100 ACC z 9 renamed zo mrn-7 mrn long longlong muller, muller^anne * smi* x name \u202e';
const word = fc.constantFrom(...WORDS.split(' '), 'Long'.repeat(30), "';--");
const few = <T>(values: readonly T[]): fc.Arbitrary<T[]> =>
  fc.subarray([...values], { maxLength: values.length });
const searches: fc.Arbitrary<StudySearch> = fc.record({
  text: fc.oneof(
    { weight: 1, arbitrary: fc.constant('') },
    { weight: 3, arbitrary: fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(' ')) },
  ),
  from: fc.constantFrom(undefined, undefined, '2024-02-01', '1990-01-01'),
  to: fc.constantFrom(undefined, undefined, '2024-02-01', '2100-01-01'),
  modalities: fc.oneof(fc.constant([]), few([...MODALITIES, 'XX'])),
  kinds: fc.oneof(fc.constant([]), few(['panoramic', 'periapical', 'bitewing', 'cbct', 'scan'] as const)),
  locationIds: fc.oneof(
    fc.constant([]),
    fc
      .constantFrom(0, 1, 2)
      .map((which) => [[second], [tenant.locationId], [second, tenant.locationId]][which] ?? []),
  ),
  deviceIds: fc.oneof(fc.constant([]), few(DEVICES)),
  states: fc.oneof(fc.constant([]), few(['auto', 'matched', 'quarantined', 'rejected'] as const)),
  sort: fc.constantFrom('study-date' as const, 'received' as const),
  limit: fc.constantFrom(1, 7, 200),
});

/** With small limits a tenant of 150 studies is searched as one of 500,000 is. */
const limitsOf = fc.constantFrom<SearchLimits>(
  SEARCH_LIMITS,
  { rows: 3, candidates: 5, names: 2, walk: 20, countWalk: 1000, count: 12 },
  { rows: 7, candidates: 400, names: 100, walk: 20, countWalk: 1000, count: 12 },
  { rows: 0, candidates: 0, names: 0, walk: 200, countWalk: 1000, count: 10_000 },
);

describe('searchStudies against a naive search', () => {
  test('texts and filters, both orders, every page size', async () => {
    expect(known.length).toBe(150);
    expect(new Set(known.map(({ state }) => state))).toEqual(new Set(['auto', 'quarantined', 'rejected']));
    await fc.assert(
      fc.asyncProperty(searches, limitsOf, async (asked, limits) => {
        const wanted = expected(asked);
        fc.pre(wanted.length < 20 * asked.limit);
        expect(await pages(asked, limits)).toEqual(wanted);
        const { sort: _, limit: __, ...filter } = asked;
        expect(await countStudies(database.db.withTenant, principal(tenant), filter, limits)).toEqual({
          count: Math.min(wanted.length, limits.count),
          more: wanted.length > limits.count,
        });
      }),
      { numRuns: 120 },
    );
  });

  test('each kind of word finds something, so that the comparison means something', () => {
    const found = [
      'mul',
      'ohara',
      '山',
      'sm_',
      'a%',
      'acc',
      'mrn-7',
      'zo',
      'smith7',
      'z 9',
      'anne maria',
      'muller 1001',
    ];
    expect(found.filter((text) => expected({ ...ALL, text }).length === 0)).toEqual([]);
  });
});

describe('searchStudies', () => {
  test('new studies between two pages neither repeat nor hide a row', async () => {
    const own = await database.tenant('Growing');
    for (let at = 0; at < 12; at += 1) await ingestBatch(database.db.knex, [rowOf(own, at)]);
    for (const sort of ['study-date', 'received'] as const) {
      const before = new Set((await search({ sort }, principal(own))).studies.map(({ studyId }) => studyId));
      const seen: string[] = [];
      let after: string | undefined;
      let next = 100 + before.size;
      do {
        const page = await search(
          { sort, limit: 3, ...(after === undefined ? {} : { after }) },
          principal(own),
        );
        seen.push(...page.studies.map(({ studyId }) => studyId));
        after = page.next ?? undefined;
        await ingestBatch(database.db.knex, [rowOf(own, (next += 1)), rowOf(own, (next += 1))]);
      } while (after !== undefined && seen.length < 100);
      expect(new Set(seen).size).toBe(seen.length);
      expect([...before].filter((id) => !seen.includes(id))).toEqual([]);
    }
  });

  test('a row says what the list shows, and the picture that stands for the study', async () => {
    const own = await database.tenant('Shown');
    const row = rowOf(own, 1);
    const [result] = await ingestBatch(database.db.knex, [row]);
    await database.owner(
      `insert into derivative (tenant_id, instance_id, kind, recipe, width, height) values ($1, $2, 'display', 3, 10, 10)`,
      [own.tenantId, result?.instanceId],
    );
    await database.owner(
      `update series set last_arrival_at = now() - interval '1 hour' where tenant_id = $1`,
      [own.tenantId],
    );
    const { studies } = await search({}, principal(own));
    expect(studies).toEqual([
      {
        studyId: result?.studyId,
        studyInstanceUid: '1.2.3.1',
        patientId: expect.any(String) as unknown,
        patientName: 'MULLER^Anne^Maria',
        birthDate: null,
        sex: 'F',
        recordNumber: null,
        receivedPatientId: 'A_1',
        accessionNumber: 'acc-7',
        studyDate: '2024-02-01',
        studyTime: '22:15:07.123456',
        onDate: '2024-02-01',
        description: null,
        modalities: ['PX'],
        seriesCount: 1,
        instanceCount: 1,
        matchState: 'auto',
        quarantineReason: null,
        firstArrivalAt: expect.stringMatching(/Z$/) as unknown,
        receiving: false,
        locationName: 'Main',
        deviceNames: [],
        thumbnail: {
          instanceId: result?.instanceId,
          version: `${row.sha256.toString('hex').slice(0, 16)}-3`,
          view: 'cbct',
        },
      },
    ]);
  });

  test('a text that finds nothing is answered with names that are like it', async () => {
    expect((await search({ text: 'smiht' })).similar).toEqual(['smith']);
    expect((await search({ text: 'pat jonse' })).similar).toEqual(['pat jones']);
    expect((await search({ text: 'carlet' })).similar).toEqual(['scarlett']);
    expect((await search({ text: '12345678' })).similar).toEqual([]);
    expect((await search({ text: 'smiht' }, principal(other))).similar).toEqual([]);
  });

  test('rejected studies are for those who decide, and nobody without the permission sees a list', async () => {
    const reader = principal(tenant, ['imaging.study.read']);
    await expect(search({ states: ['rejected'] }, reader)).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(search({}, principal(tenant, []))).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(countStudies(database.db.withTenant, principal(tenant, []), ALL)).rejects.toMatchObject({
      kind: 'forbidden',
    });
    await expect(readStudyFacets(database.db.withTenant, principal(tenant, []))).rejects.toMatchObject({
      kind: 'forbidden',
    });
  });

  test('another group sees its own studies, names and facets only', async () => {
    const found = await search({}, principal(other));
    expect(found.studies.map(({ studyInstanceUid }) => studyInstanceUid).toSorted()).toEqual([
      '1.2.3.1',
      '1.2.3.2',
    ]);
    expect((await search({ text: 'renamed' }, principal(other))).studies).toEqual([]);
    expect((await search({ deviceIds: [...DEVICES] }, principal(other))).studies.length).toBe(2);
    const facets = await readStudyFacets(database.db.withTenant, principal(other));
    expect(facets).toEqual({
      locations: [{ id: other.locationId, name: 'Main' }],
      devices: [],
      modalities: ['CT', 'PX'],
    });
    expect((await readStudyFacets(database.db.withTenant, principal(tenant))).modalities).toEqual([
      'CT',
      'IO',
      'PX',
    ]);
  });

  test.each(['', 'x', 'W10', Buffer.from('["2024-01-01","",1]').toString('base64url')])(
    'the cursor %j is none',
    async (after) => {
      await expect(search({ after })).rejects.toMatchObject({ kind: 'invalid' });
    },
  );
});
