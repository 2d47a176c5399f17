// Real: PostgreSQL with row-level security, the restricted role. Expected answers come from a naive matcher in memory.
import { foldName } from '@archwire/database';
import { createTestDatabase, type TestDatabase, type TestTenant } from '@archwire/database/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseMatcher } from './parse-matcher.ts';
import { queryAttribute, type QueryLevel } from './query-attributes.ts';
import { searchImaging, type SearchPage } from './search-imaging.ts';

interface Study {
  readonly uid: string;
  readonly name: string | null;
  readonly referrer: string | null;
  readonly patientId: string | null;
  readonly accession: string | null;
  readonly date: string | null;
  readonly time: string | null;
  readonly modalities: readonly string[];
}

const NAMES = [
  'Müller^Änne',
  'MULLER^Anne^Maria',
  "O'Hara^Scarlett",
  'Yamada^Tarou=山田^太郎=やまだ^たろう',
  'Smith-Jones^Pat%',
  'Sm_th^Under',
  'smith^anna',
  'Back\\slash^X',
  null,
];
const PATIENT_IDS = ['A1', 'a1', 'A%', 'A_1', 'A1*', 'B\\2', 'Z 9', null];
const ACCESSIONS = ['1001', '1002', '100', '', null].map((value) => (value === '' ? null : value));
const DATES = ['2024-01-31', '2024-02-01', '2024-02-02', '1999-12-31', null];
const TIMES = ['00:00:00', '10:30:00', '10:30:59.5', '22:15:07.123456', '23:59:59', null];
const MODALITIES = [['CT'], ['CT', 'SR'], ['DX'], ['IO', 'PX'], []];

const pick = <T>(values: readonly T[], at: number): T => {
  const value = values[at % values.length];
  if (value === undefined) throw new Error('empty list');
  return value;
};

const STUDIES: readonly Study[] = Array.from({ length: 120 }, (_, at) => ({
  uid: `1.2.3.${at}`,
  name: pick(NAMES, at),
  referrer: pick(NAMES, at * 5 + 2),
  patientId: pick(PATIENT_IDS, at * 3 + 1),
  accession: pick(ACCESSIONS, at * 7),
  date: pick(DATES, at * 11 + Math.floor(at / 5)),
  time: pick(TIMES, at * 13 + Math.floor(at / 6)),
  modalities: pick(MODALITIES, at + Math.floor(at / 4)),
}));

let database: TestDatabase;
let tenant: TestTenant;
let other: TestTenant;

const insertStudy = async (to: TestTenant, study: Study, number: number, state = 'auto'): Promise<void> => {
  await database.db.withTenant(to.tenantId, async (trx) => {
    const inserted: { rows: { id: string }[] } = await trx.raw(
      `insert into study (tenant_id, study_uid, location_id, match_state, pat_id, issuer, pat_name, pat_name_folded,
         referring_name, accession_no, study_date, study_time, series_count, instance_count)
       values (?, ?, ?, ?, ?, 'I', ?, ?, ?, ?, ?, ?, 1, 3) returning id`,
      [
        to.tenantId,
        study.uid,
        to.locationId,
        state,
        study.patientId,
        study.name,
        foldName(study.name),
        study.referrer,
        study.accession,
        study.date,
        study.time,
      ],
    );
    const id = inserted.rows[0]?.id ?? '';
    for (const modality of study.modalities) {
      await trx.raw(
        'insert into study_modality (tenant_id, study_id, modality, study_date, series_count) values (?, ?, ?, ?, 1)',
        [to.tenantId, id, modality, study.date],
      );
    }
    await trx.raw(
      `insert into series (tenant_id, study_id, series_uid, modality, series_number, instance_count) values (?, ?, ?, ?, ?, 3)`,
      [to.tenantId, id, `${study.uid}.1`, study.modalities[0] ?? null, number],
    );
  });
};

beforeAll(async () => {
  database = await createTestDatabase();
  tenant = await database.tenant('Searched');
  other = await database.tenant('Other');
  for (const [at, study] of STUDIES.entries()) await insertStudy(tenant, study, at);
  const [first] = STUDIES;
  if (first !== undefined) {
    await insertStudy(other, { ...first, uid: '1.2.9.1' }, 1);
    await insertStudy(tenant, { ...first, uid: '1.2.9.2' }, 1, 'rejected');
  }
});
afterAll(async () => await database.close());

interface Asked {
  readonly key: string;
  readonly value: string;
  readonly fuzzy?: boolean;
  readonly emptyValue?: boolean;
}

const search = async (
  asked: readonly Asked[],
  {
    level = 'study',
    limit = 1000,
    offset = 0,
    seesRejected = false,
  }: { level?: QueryLevel; limit?: number; offset?: number; seesRejected?: boolean } = {},
): Promise<SearchPage> =>
  await database.db.withTenant(tenant.tenantId, async (trx) => {
    const conditions = asked.flatMap(({ key, value, fuzzy = false, emptyValue = false }) => {
      const attribute = queryAttribute(key);
      if (attribute === undefined) throw new Error(key);
      const matcher = parseMatcher(attribute, value, { fuzzy, emptyValue });
      return matcher === undefined ? [] : [{ attribute, matcher }];
    });
    return await searchImaging(trx, { level, conditions, limit, offset }, seesRejected);
  });

const uidsOf = (page: SearchPage): readonly unknown[] =>
  page.rows.map((row) => String(row['StudyInstanceUID'])).toSorted();

/** Written without looking at the SQL: characters against pattern, one by one. */
const globs = (pattern: string, text: string): boolean => {
  if (pattern === '') return text === '';
  const [head = ''] = pattern;
  if (head === '*') return globs(pattern.slice(1), text) || (text !== '' && globs(pattern, text.slice(1)));
  return text !== '' && (head === '?' || head === text[0]) && globs(pattern.slice(1), text.slice(1));
};

const plain = (name: string): string => foldName(name) ?? '\0';

const matchesName = (stored: string | null, query: string): boolean => {
  if (/^\**$/.test(query)) return true;
  if (stored === null) return false;
  const pattern = plain(query);
  const groups = plain(stored).split('=');
  return groups.some((_, from) =>
    groups.some((__, to) => to >= from && globs(pattern, groups.slice(from, to + 1).join('='))),
  );
};

const matchesText = (stored: string | null, query: string): boolean =>
  /^\**$/.test(query) || (stored !== null && globs(query, stored));

test('a rejected study is found by its UID alone, and only by who may decide about it', async () => {
  const byUid = [{ key: 'StudyInstanceUID', value: '1.2.9.2' }];
  expect(uidsOf(await search(byUid))).toEqual([]);
  expect(uidsOf(await search(byUid, { seesRejected: true }))).toEqual(['1.2.9.2']);
  expect(uidsOf(await search([], { seesRejected: true }))).toEqual(uidsOf(await search([])));
});

describe('searchImaging against a naive matcher', () => {
  const pieces = (alphabet: readonly string[]): fc.Arbitrary<string> =>
    fc.array(fc.constantFrom(...alphabet), { minLength: 0, maxLength: 5 }).map((list) => list.join(''));

  test('names: wildcards, groups, case and accents, characters that mean something to SQL', async () => {
    const query = fc.oneof(
      pieces(['*', '?', 'm', 'Ü', 'muller', '^', 'anne', '%', '_', "'", 'smith', '山', '=', '\\', 'o', 'Sm']),
      fc.constantFrom(
        'muller*',
        '*ANNE*',
        'smith^anna',
        '山田^太郎',
        'yamada^*',
        's?_th*',
        '*%',
        'back\\slash^x',
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        query.filter((text) => !/[\s^=]$/.test(text)),
        fc.constantFrom('PatientName', 'ReferringPhysicianName'),
        async (value, key) => {
          const expected = STUDIES.filter((study) =>
            matchesName(key === 'PatientName' ? study.name : study.referrer, value),
          );
          expect(uidsOf(await search([{ key, value }]))).toEqual(expected.map(({ uid }) => uid).toSorted());
        },
      ),
      { numRuns: 150 },
    );
  });

  test('text: exact with case, wildcards', async () => {
    await fc.assert(
      fc.asyncProperty(pieces(['A', 'a', '1', '*', '?', '%', '_', '\\', '2', ' ']), async (text) => {
        const value = text.trim();
        const expected = STUDIES.filter((study) => matchesText(study.patientId, value));
        expect(uidsOf(await search([{ key: '00100020', value }]))).toEqual(
          expected.map(({ uid }) => uid).toSorted(),
        );
      }),
      { numRuns: 100 },
    );
  });

  test('days and times: single, open and closed ranges, and both together as one range of moments', async () => {
    const day = fc.constantFrom('20240131', '20240201', '20240202', '19991231', '20240115');
    const time = fc.constantFrom('1030', '103000', '22', '221507.123456', '000000', '2359');
    const ranged = (value: fc.Arbitrary<string>): fc.Arbitrary<string> =>
      fc.oneof(
        fc.constant(''),
        value,
        value.map((end) => `${end}-`),
        value.map((end) => `-${end}`),
        fc.tuple(value, value).map(([from, to]) => `${from}-${to}`),
      );
    const low = (text: string): string =>
      `${text.split('.')[0]?.padEnd(6, '0')}.${(text.split('.')[1] ?? '').padEnd(6, '0')}`;
    const high = (text: string): string => {
      const [whole = '', fraction = ''] = text.split('.');
      return `${whole}${'0000595959'.slice(whole.length + 4)}`.slice(0, 6) + `.${fraction.padEnd(6, '9')}`;
    };
    const within = (
      value: string,
      query: string,
      first = (x: string) => x,
      last = (x: string) => x,
    ): boolean => {
      if (query === '') return true;
      const [from = '', to = ''] = query.includes('-') ? query.split('-') : [query, query];
      return (from === '' || value >= first(from)) && (to === '' || value <= last(to));
    };
    await fc.assert(
      fc.asyncProperty(ranged(day), ranged(time), async (days, times) => {
        const together = days.includes('-') && times !== '' && new Set(days.split('-')).size === 2;
        const expected = STUDIES.filter(({ date, time: at }) => {
          const d = date?.replaceAll('-', '');
          const t = at === null ? undefined : low(at.replaceAll(':', ''));
          if (days !== '' && d === undefined) return false;
          if (times !== '' && t === undefined) return false;
          if (!together || d === undefined || t === undefined) {
            return within(d ?? '', days) && within(t ?? '', times, low, high);
          }
          const [dayFrom = '', dayTo = ''] = days.split('-');
          const [timeFrom = '', timeTo = ''] = times.includes('-') ? times.split('-') : [times, times];
          const start =
            dayFrom === '' || `${d}${t}` >= dayFrom + (timeFrom === '' ? '000000.000000' : low(timeFrom));
          const end = dayTo === '' || `${d}${t}` <= dayTo + (timeTo === '' ? '235959.999999' : high(timeTo));
          return start && end;
        });
        expect(
          uidsOf(
            await search([
              { key: 'StudyDate', value: days },
              { key: 'StudyTime', value: times },
            ]),
          ),
        ).toEqual(expected.map(({ uid }) => uid).toSorted());
      }),
      { numRuns: 200 },
    );
  });

  test('modalities, lists of UIDs by comma and backslash, several keys together', async () => {
    const value = fc.constantFrom('CT', 'CT,DX', 'CT\\SR', 'P*', '?O', 'XX', '');
    const uids = fc.array(fc.nat({ max: 130 }), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(value, uids, fc.constantFrom(',', '\\'), async (modality, numbers, separator) => {
        const asked = modality.split(/[,\\]/);
        const expected = STUDIES.filter(
          (study) =>
            numbers.some((number) => study.uid === `1.2.3.${number}`) &&
            (modality === '' ||
              study.modalities.some((each) => asked.some((pattern) => globs(pattern, each)))),
        );
        const found = await search([
          { key: 'ModalitiesInStudy', value: modality },
          { key: 'StudyInstanceUID', value: numbers.map((number) => `1.2.3.${number}`).join(separator) },
        ]);
        expect(uidsOf(found)).toEqual(expected.map(({ uid }) => uid).toSorted());
      }),
      { numRuns: 60 },
    );
  });

  test('fuzzy: every word begins some word of the name', async () => {
    const words = fc.array(
      fc.constantFrom('mul', 'ANN', 'tar', '山', 'pat%', 'jones', 'o', '*mit*', 'm?th', '*'),
      {
        minLength: 1,
        maxLength: 3,
      },
    );
    await fc.assert(
      fc.asyncProperty(words, fc.constantFrom(' ', '^', ','), async (asked, separator) => {
        const expected = STUDIES.filter(({ name }) => {
          const have = plain(name ?? '').split(/[\s^=,]+/);
          return asked.every(
            (word) => /^\**$/.test(word) || have.some((each) => globs(`${plain(word)}*`, each)),
          );
        });
        const found = await search([{ key: 'PatientName', value: asked.join(separator), fuzzy: true }]);
        expect(uidsOf(found)).toEqual(expected.map(({ uid }) => uid).toSorted());
      }),
      { numRuns: 60 },
    );
  });

  test('two quotation marks find what is empty, when that is asked for', async () => {
    const without = STUDIES.filter(({ accession }) => accession === null).map(({ uid }) => uid);
    expect(uidsOf(await search([{ key: 'AccessionNumber', value: '""', emptyValue: true }]))).toEqual(
      without.toSorted(),
    );
    const none = STUDIES.filter(({ modalities }) => modalities.length === 0).map(({ uid }) => uid);
    expect(uidsOf(await search([{ key: 'ModalitiesInStudy', value: '""', emptyValue: true }]))).toEqual(
      none.toSorted(),
    );
    expect((await search([{ key: 'AccessionNumber', value: '""' }])).rows).toHaveLength(STUDIES.length);
  });
});

describe('searchImaging', () => {
  test('pages cover every match once, newest first', async () => {
    const seen: string[] = [];
    let more = true;
    for (let offset = 0; more; offset += 50) {
      const page = await search([], { limit: 50, offset });
      seen.push(...page.rows.map((row) => String(row['StudyInstanceUID'])));
      more = page.more;
    }
    expect(seen.toSorted()).toEqual(STUDIES.map(({ uid }) => uid).toSorted());
    const undated = STUDIES.filter(({ date }) => date === null).length;
    const all = (await search([])).rows.map((row) => row['StudyDate'] === null);
    expect(all).toEqual([
      ...Array.from({ length: STUDIES.length - undated }, () => false),
      ...Array.from({ length: undated }, () => true),
    ]);
    const dates = (await search([])).rows.flatMap((row) =>
      row['StudyDate'] === null ? [] : [String(row['StudyDate'])],
    );
    expect(dates).toEqual(dates.toSorted().toReversed());
  });

  test('series carry what the study says, and number ranges do not exist', async () => {
    const { rows } = await search(
      [
        { key: 'StudyInstanceUID', value: '1.2.3.7' },
        { key: 'SeriesNumber', value: '7' },
      ],
      { level: 'series' },
    );
    expect(rows).toEqual([
      expect.objectContaining({
        StudyInstanceUID: '1.2.3.7',
        SeriesInstanceUID: '1.2.3.7.1',
        SeriesNumber: 7,
        PatientName: 'Back\\slash^X',
        NumberOfSeriesRelatedInstances: 3,
        ModalitiesInStudy: STUDIES[7]?.modalities,
      }),
    ]);
    await expect(search([{ key: 'SeriesNumber', value: '1-5' }], { level: 'series' })).rejects.toMatchObject({
      kind: 'invalid',
    });
  });

  test('values that cannot be are refused, each with the name of its attribute', async () => {
    const bad: readonly Asked[] = [
      { key: 'StudyDate', value: '20240230' },
      { key: 'StudyDate', value: '-' },
      { key: 'StudyDate', value: 'yesterday' },
      { key: 'StudyTime', value: '2500' },
      { key: 'StudyInstanceUID', value: "1.2'; drop table study" },
      { key: 'SeriesNumber', value: '99999999999' },
      { key: 'NumberOfStudyRelatedSeries', value: '1' },
    ];
    for (const each of bad) {
      await expect(search([each])).rejects.toMatchObject({
        kind: 'invalid',
        details: { attribute: each.key },
      });
    }
  });
});

describe('the plan under row-level security', () => {
  let planned: TestTenant;
  beforeAll(async () => {
    planned = await database.tenant('Planned');
    await database.owner(
      `with s as (
         insert into study (tenant_id, study_uid, location_id, match_state, pat_id, issuer, accession_no, study_date)
         select $1, '1.2.7.' || g, $2, 'auto', 'P' || g / 3, 'I', 'N' || g, date '2010-01-01' + g % 5000
           from generate_series(1, 20000) g returning tenant_id, id, study_uid)
       , e as (
         insert into series (tenant_id, study_id, series_uid) select tenant_id, id, study_uid || '.1' from s
         returning tenant_id, id, series_uid)
       , u as (insert into uid_code (uid) values ('1.2.840.10008.1.2.1') on conflict (uid) do update set uid = excluded.uid returning code)
       insert into instance (tenant_id, series_id, sop_uid, sop_class, transfer_syntax, sha256, store, key, "offset", length)
       select e.tenant_id, e.id, e.series_uid || '.1', u.code, u.code, sha256('x'), 's', 'k', 0, 1 from e, u`,
      [planned.tenantId, planned.locationId],
    );
    await database.owner('analyze');
  });

  /** The plan of a search as the restricted role sees it. */
  const planOf = async (key: string, value: string, level: QueryLevel = 'study'): Promise<string> =>
    await database.db.withTenant(planned.tenantId, async (trx) => {
      const lines: string[] = [];
      const explaining: unknown = {
        raw: async (sql: string, bindings: readonly string[]) => {
          const { rows }: { rows: Record<string, string>[] } = await trx.raw(`explain ${sql}`, [...bindings]);
          lines.push(...rows.flatMap((row) => Object.values(row)));
          return { rows: [] };
        },
      };
      const attribute = queryAttribute(key);
      if (attribute === undefined) throw new Error(key);
      const matcher = parseMatcher(attribute, value, { fuzzy: false, emptyValue: false });
      const conditions = matcher === undefined ? [] : [{ attribute, matcher }];
      await Reflect.apply(searchImaging, undefined, [
        explaining,
        { level, conditions, limit: 50, offset: 0 },
      ]);
      return lines.join('\n');
    });

  test.each([
    ['PatientID', 'A1', 'study', /Index Cond: [^]*pat_known_id = ANY/],
    ['AccessionNumber', '1001', 'study', /Index Cond: [^]*accession_no = ANY/],
    [
      'StudyDate',
      '20240101-20240131',
      'study',
      /Index Cond: [^]*study_date >= '2024-01-01'::date[^]*study_date <= /,
    ],
    ['StudyInstanceUID', '1.2.3.4', 'study', /Index Cond: [^]*study_uid = ANY/],
    ['SeriesInstanceUID', '1.2.3.4.1', 'series', /Index Cond: [^]*series_uid = ANY/],
    ['SOPInstanceUID', '1.2.3.4.1.1', 'instance', /Index Cond: [^]*sop_uid = ANY/],
    ['PatientName', '*', 'study', /Index Cond: [^]*study_date IS NOT NULL/],
  ] as const)('%s is an index condition', async (key, value, level, plan) => {
    expect(await planOf(key, value, level)).toMatch(plan);
  });
});
