// Real: PostgreSQL 18 (embedded), the index function, row-level security. Rows of derivatives are written by the test.
import {
  type InstanceHeader,
  type Permission,
  type Principal,
  PERMISSIONS,
  ROLES,
} from '@archwire/contracts';
import { ingestBatch } from '@archwire/database';
import { createTestDatabase, type TestDatabase, testRow, type TestTenant } from '@archwire/database/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findPatients } from './find-patients.ts';
import { createPictureLookup } from './picture-lookup.ts';
import { readPatient } from './read-patient.ts';
import { readSeriesImages, readStudy, STUDY_IMAGES } from './read-study.ts';
import { readTimeline } from './read-timeline.ts';
import { pictureVersion } from './study-image.ts';

const PHOTO = '1.2.840.10008.5.1.4.1.1.77.1.4';
const XRAY = '1.2.840.10008.5.1.4.1.1.1.1';
const SR = '1.2.840.10008.5.1.4.1.1.88.33';
let database: TestDatabase;
let tenant: TestTenant;
let reader: Principal;
let count = 0;

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

beforeAll(async () => {
  database = await createTestDatabase();
});
beforeEach(async () => {
  tenant = await database.tenant(`Group ${(count += 1)}`);
  reader = principal(['imaging.study.read']);
});
afterAll(async () => await database.close());

/** Stores instances of one study; `sop` numbers go on from one call to the next. */
let sop = 0;
const store = async (study: string, ...headers: readonly Partial<InstanceHeader>[]) =>
  await ingestBatch(
    database.db.knex,
    headers.map((header) => {
      sop += 1;
      return testRow(tenant, {
        StudyInstanceUID: study,
        SeriesInstanceUID: `${study}.${header.SeriesNumber ?? 1}`,
        SOPInstanceUID: `1.9.${sop}`,
        SOPClassUID: XRAY,
        Modality: 'PX',
        ...header,
      });
    }),
  );

/** What the derive job leaves behind. */
const derive = async (instanceId: string, reason: string | null = null): Promise<void> => {
  for (const [kind, width, height] of [
    ['thumbnail', 200, 100],
    ['preview', 800, 400],
    ['display', 2892, 1504],
  ] as const) {
    await database.owner(
      `insert into derivative (tenant_id, instance_id, kind, store, key, "offset", length, media_type, width, height, recipe, placeholder_reason)
       values ($1, $2::bigint, $3::text, 'archive', 'k/' || $2::bigint || $3::text, 0, 10, 'image/jpeg', $4, $5, 1, $6)`,
      [tenant.tenantId, instanceId, kind, width, height, reason],
    );
  }
};
const shows = async (instanceId: string, view: string, teeth: readonly string[] = []): Promise<void> => {
  await database.owner(
    'insert into instance_view (tenant_id, instance_id, view, teeth) values ($1, $2, $3, $4)',
    [tenant.tenantId, instanceId, view, teeth],
  );
};
const patientOf = async (patId = 'P1'): Promise<string> => {
  const [row] = await database.owner<{ patient_id: string }>(
    'select patient_id from patient_identifier where tenant_id = $1 and value = $2',
    [tenant.tenantId, patId],
  );
  return row?.patient_id ?? '';
};
const quiet = async (): Promise<void> => {
  await database.owner(`update series set last_arrival_at = now() - interval '1 hour' where tenant_id = $1`, [
    tenant.tenantId,
  ]);
};
const timeline = async (patientId: string, before?: string, limit = 60) =>
  await readTimeline(database.db.withTenant, reader, { patientId, before, limit });

describe('timeline', () => {
  it('is newest first with day offsets, what each study holds, and the pictures that stand for it', async () => {
    const [pano, left, front] = await store(
      '1.1',
      { StudyDate: '2025-10-04', StudyDescription: 'Initial' },
      { SeriesNumber: 2, SOPClassUID: PHOTO, Modality: 'XC', InstanceNumber: 1, StudyDate: '2025-10-04' },
      { SeriesNumber: 2, SOPClassUID: PHOTO, Modality: 'XC', InstanceNumber: 2, StudyDate: '2025-10-04' },
    );
    await store('1.2', { StudyDate: '2026-01-08', StudyDescription: 'Progress 1', StudyTime: '09:30:00' });
    for (const each of [pano, left]) await derive(each?.instanceId ?? '');
    await shows(left?.instanceId ?? '', 'intraoral-left');
    await shows(front?.instanceId ?? '', 'intraoral-front');
    await quiet();
    const found = await timeline(await patientOf());
    expect(found).toEqual({
      next: null,
      studyCount: 2,
      firstDate: '2025-10-04',
      lastDate: '2026-01-08',
      studies: [
        {
          studyId: found.studies[0]?.studyId,
          studyInstanceUid: '1.2',
          studyDate: '2026-01-08',
          studyTime: '09:30:00',
          onDate: '2026-01-08',
          dayOffset: 96,
          description: 'Progress 1',
          locationName: 'Main',
          kinds: ['panoramic'],
          modalities: ['PX'],
          seriesCount: 1,
          instanceCount: 1,
          hasConflict: false,
          firstArrivalAt: found.studies[0]?.firstArrivalAt,
          arrival: 'preparing',
          thumbnails: [expect.objectContaining({ view: 'panoramic', picture: null })],
        },
        {
          studyId: found.studies[1]?.studyId,
          studyInstanceUid: '1.1',
          studyDate: '2025-10-04',
          studyTime: '10:11:12',
          onDate: '2025-10-04',
          dayOffset: 0,
          description: 'Initial',
          locationName: 'Main',
          kinds: ['panoramic', 'photo'],
          modalities: ['PX', 'XC'],
          seriesCount: 2,
          instanceCount: 3,
          hasConflict: false,
          firstArrivalAt: found.studies[1]?.firstArrivalAt,
          arrival: 'preparing',
          thumbnails: [
            {
              instanceId: pano?.instanceId,
              sopInstanceUid: '1.9.1',
              sopClassUid: XRAY,
              transferSyntaxUid: '1.2.840.10008.1.2.1',
              seriesInstanceUid: '1.1.1',
              instanceNumber: 1,
              view: 'panoramic',
              teeth: [],
              laterality: null,
              viewKey: null,
              origin: null,
              ruleName: null,
              rows: 512,
              columns: 512,
              frames: 1,
              byteCount: 1000,
              arrivedAt: '2026-01-05T10:12:00.000Z',
              conflicted: false,
              picture: {
                version: expect.stringMatching(/^[0-9a-f]{16}-1$/),
                width: 2892,
                height: 1504,
                frame: 1,
                placeholderReason: null,
              },
            },
            expect.objectContaining({ view: 'intraoral-front' }),
            expect.objectContaining({ view: 'intraoral-left' }),
          ],
        },
      ],
    });
  });

  it('stands a study without a date at the day it came, without an offset', async () => {
    await store('2.1', { StudyDate: '2025-10-04' });
    await store('2.2', { StudyDate: null, StudyTime: null });
    const { studies, firstDate } = await timeline(await patientOf());
    const today = new Date().toISOString().slice(0, 10);
    expect(firstDate).toBe('2025-10-04');
    expect(studies.map(({ onDate, studyDate, dayOffset }) => [onDate, studyDate, dayOffset])).toEqual([
      [today, null, null],
      ['2025-10-04', '2025-10-04', 0],
    ]);
  });

  it('goes on by keyset, also among studies of one day, and shows each study once', async () => {
    for (let n = 0; n < 7; n += 1)
      await store(`3.${n}`, {
        StudyDate: n < 4 ? '2025-01-01' : `2025-02-0${n}`,
        StudyTime: n < 2 ? null : '08:00:00',
      });
    const patientId = await patientOf();
    const seen: string[] = [];
    let before: string | undefined;
    do {
      const page = await timeline(patientId, before, 2);
      seen.push(...page.studies.map(({ studyInstanceUid }) => studyInstanceUid));
      expect(page.studyCount).toBe(7);
      before = page.next ?? undefined;
    } while (before !== undefined);
    expect(seen).toEqual(['3.6', '3.5', '3.4', '3.3', '3.2', '3.1', '3.0']);
  });

  it('shows the middle slice of a volume, and all of what is no volume', async () => {
    const slices = Array.from({ length: 40 }, (_, n) => ({
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
      Modality: 'CT',
      InstanceNumber: n + 1,
    }));
    await store('4.1', ...slices);
    await store('4.2', ...slices.map((slice) => ({ ...slice, InstanceNumber: null })));
    const { studies } = await timeline(await patientOf());
    expect(studies.map(({ thumbnails }) => thumbnails.map(({ instanceNumber }) => instanceNumber))).toEqual([
      [null],
      [20],
    ]);
    expect(studies.map(({ kinds }) => kinds)).toEqual([['cbct'], ['cbct']]);
  });

  it('has a report without a picture, a damaged image and a conflict', async () => {
    const [report] = await store('5.1', {
      SOPClassUID: SR,
      Modality: 'SR',
      NumberOfFrames: null,
      Rows: null,
      Columns: null,
    });
    const [broken] = await store('5.2', {});
    await derive(report?.instanceId ?? '', 'no-picture');
    await derive(broken?.instanceId ?? '', 'damaged');
    await database.owner('update instance set conflicted = true where id = $1', [broken?.instanceId]);
    await quiet();
    const { studies } = await timeline(await patientOf());
    expect(
      studies.map(({ studyInstanceUid, kinds, hasConflict, arrival, thumbnails }) => [
        studyInstanceUid,
        kinds,
        hasConflict,
        arrival,
        thumbnails.map(({ picture }) => picture?.placeholderReason),
      ]),
    ).toEqual([
      ['5.2', ['panoramic'], true, 'complete', ['damaged']],
      ['5.1', ['report'], false, 'complete', ['no-picture']],
    ]);
  });

  it('says that images are still coming', async () => {
    const [one] = await store('6.1', {});
    await derive(one?.instanceId ?? '');
    const patientId = await patientOf();
    expect((await timeline(patientId)).studies[0]?.arrival).toBe('receiving');
    await quiet();
    expect((await timeline(patientId)).studies[0]?.arrival).toBe('complete');
  });

  it('leaves rejected studies out, and is not there for other tenants or without the permission', async () => {
    await store('7.1', {});
    await store('7.2', {});
    await database.owner(
      `update study set match_state = 'rejected' where study_uid = '7.1' and tenant_id = $1`,
      [tenant.tenantId],
    );
    const patientId = await patientOf();
    const found = await timeline(patientId);
    expect([found.studyCount, found.studies.map(({ studyInstanceUid }) => studyInstanceUid)]).toEqual([
      1,
      ['7.2'],
    ]);
    const other = await database.tenant('Other');
    const { withTenant } = database.db;
    await expect(
      readTimeline(withTenant, principal(PERMISSIONS, other), { patientId }),
    ).rejects.toMatchObject({ kind: 'not-found' });
    await expect(readTimeline(withTenant, principal(ROLES.billing), { patientId })).rejects.toMatchObject({
      kind: 'forbidden',
    });
  });

  it('is one index walk for the studies of the patient', async () => {
    await store('8.1', {});
    const patientId = await patientOf();
    await database.owner(
      `insert into study (tenant_id, study_uid, location_id, match_state, issuer, study_date, patient_id)
         select $1, '8.9.' || n, $2, 'auto', 'I', date '2020-01-01' + n % 2000, case when n % 400 = 0 then $3::uuid end
           from generate_series(1, 20000) n`,
      [tenant.tenantId, tenant.locationId, patientId],
    );
    await database.owner('analyze study');
    const plan = await database.db.withTenant(tenant.tenantId, async (trx) => {
      const { rows }: { rows: Record<string, string>[] } = await trx.raw(
        `explain select id from study s where s.patient_id = ? and s.match_state <> 'rejected'
         order by s.on_date desc, s.on_time desc, s.id desc limit 60`,
        [patientId],
      );
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    });
    expect(plan).toContain('Index Scan using study_timeline');
    expect(plan).not.toContain('Sort');
  });
});

describe('patient', () => {
  it('has its identifiers, and says into whom it was merged', async () => {
    await store('9.1', { PatientID: 'A' });
    await store('9.2', { PatientID: 'B' });
    const [a, b] = [await patientOf('A'), await patientOf('B')];
    expect(await readPatient(database.db.withTenant, reader, a)).toEqual({
      patientId: a,
      registration: 'imaging-only',
      recordNumber: null,
      name: 'Doe^Jane',
      birthDate: '2010-05-17',
      sex: 'F',
      identifiers: [{ issuer: tenant.issuer, value: 'A' }],
      studyCount: 1,
      mergedInto: null,
    });
    await database.owner(`update patient set status = 'merged', merged_into = $1 where id = $2`, [b, a]);
    expect(await readPatient(database.db.withTenant, reader, a)).toMatchObject({ mergedInto: b });
    await expect(
      readPatient(database.db.withTenant, reader, '0190c0de-0000-7000-8000-000000000000'),
    ).rejects.toMatchObject({ kind: 'not-found' });
  });
});

describe('patients', () => {
  const names = async (text: string, after?: string) => {
    const { patients, next } = await findPatients(database.db.withTenant, reader, { text, after });
    return { names: patients.map(({ name }) => name), next, patients };
  };

  it('are found by name in either order, by a whole ID, a record number, a birth date', async () => {
    await store('10.1', { PatientID: 'AW-1', PatientName: 'Ruiz^Camille', PatientBirthDate: '2012-03-02' });
    await store('10.2', {
      PatientID: 'AW-2',
      PatientName: 'García López^Inés',
      PatientBirthDate: '2011-07-09',
    });
    await store('10.3', { PatientID: 'AW-3', PatientName: null, PatientBirthDate: null });
    await database.owner(`update patient set mrn = 'MRN-7' where name = 'Ruiz^Camille' and tenant_id = $1`, [
      tenant.tenantId,
    ]);
    const all = await names('');
    expect(all.names).toEqual(['García López^Inés', 'Ruiz^Camille', null]);
    expect(all.patients[1]).toEqual({
      patientId: await patientOf('AW-1'),
      registration: 'imaging-only',
      recordNumber: 'MRN-7',
      name: 'Ruiz^Camille',
      birthDate: '2012-03-02',
      sex: 'F',
      patientIds: ['AW-1'],
      studyCount: 1,
      lastStudyDate: '2026-01-05',
    });
    for (const text of [
      'rui',
      'RUIZ, Cam',
      'Camille Ruiz',
      'ruiz cam',
      'AW-1',
      'MRN-7',
      '2012-03-02',
      ' Ruiz^C ',
    ])
      expect([text, (await names(text)).names]).toEqual([text, ['Ruiz^Camille']]);
    for (const text of ['garcia', 'Garcia Lopez', 'Inés García López', 'lopez garcia'].slice(0, 3))
      expect([text, (await names(text)).names]).toEqual([text, ['García López^Inés']]);
    for (const text of ['camillo', '%', '^', '***', "'; drop table patient; --", '2012-02-31'])
      expect([text, (await names(text)).names]).toEqual([text, []]);
  });

  it('come page by page, those without a name last', async () => {
    await database.owner(
      `insert into patient (tenant_id, registration, name, name_folded)
         select $1, 'registered', case when n <= 70 then 'N' || lpad(n::text, 3, '0') end,
                case when n <= 70 then 'n' || lpad(n::text, 3, '0') end
           from generate_series(1, 130) n`,
      [tenant.tenantId],
    );
    const seen: (string | null)[] = [];
    let after: string | undefined;
    do {
      const page = await names('', after);
      seen.push(...page.names);
      after = page.next ?? undefined;
    } while (after !== undefined);
    expect(seen).toEqual([
      ...Array.from({ length: 70 }, (_, n) => `N${String(n + 1).padStart(3, '0')}`),
      ...Array.from({ length: 60 }, () => null),
    ]);
  });

  it('are of one tenant, active, and for those who may look at images', async () => {
    await store('12.1', {});
    const other = await database.tenant('Elsewhere');
    const { withTenant } = database.db;
    expect((await findPatients(withTenant, principal(PERMISSIONS, other), { text: '' })).patients).toEqual(
      [],
    );
    await expect(
      findPatients(withTenant, principal(ROLES['front-desk']), { text: '' }),
    ).rejects.toMatchObject({
      kind: 'forbidden',
    });
    await expect(
      findPatients(withTenant, reader, { text: '', after: '0190c0de-0000-7000-8000-000000000000' }),
    ).rejects.toMatchObject({ kind: 'not-found' });
  });
});

describe('study', () => {
  const idOf = async (uid: string): Promise<string> => {
    const [row] = await database.owner<{ id: string }>(
      'select id from study where study_uid = $1 and tenant_id = $2',
      [uid, tenant.tenantId],
    );
    return row?.id ?? '';
  };

  it('has whose it is, what it came with, where from, and its series', async () => {
    await store(
      '20.1',
      {
        StudyDescription: 'Final',
        AccessionNumber: 'A1',
        InstitutionName: 'North',
        SeriesDescription: 'Pano',
      },
      { SeriesNumber: 2, SOPClassUID: PHOTO, Modality: 'XC' },
    );
    const [device] = await database.owner<{ id: string }>(
      `insert into device (tenant_id, location_id, name, ae_title) values ($1, $2, 'Pano room 2', 'PANO') returning id`,
      [tenant.tenantId, tenant.locationId],
    );
    await database.owner('update instance set device_id = $1 where tenant_id = $2', [
      device?.id,
      tenant.tenantId,
    ]);
    await database.owner(`update patient set name = 'Doe^Janet' where tenant_id = $1`, [tenant.tenantId]);
    await quiet();
    const found = await readStudy(database.db.withTenant, reader, await idOf('20.1'));
    expect({
      ...found,
      series: found.series.map(({ images, ...series }) => ({ ...series, images: images.length })),
    }).toEqual({
      studyId: await idOf('20.1'),
      studyInstanceUid: '20.1',
      patient: {
        patientId: await patientOf(),
        recordNumber: null,
        name: 'Doe^Janet',
        birthDate: '2010-05-17',
        sex: 'F',
      },
      received: {
        patientId: 'P1',
        issuer: tenant.issuer,
        name: 'Doe^Jane',
        birthDate: '2010-05-17',
        sex: 'F',
      },
      matchState: 'auto',
      quarantineReason: null,
      studyDate: '2026-01-05',
      studyTime: '10:11:12',
      timezoneOffset: null,
      description: 'Final',
      accessionNumber: 'A1',
      referringName: null,
      institutionName: 'North',
      locationName: 'Main',
      deviceNames: ['Pano room 2'],
      seriesCount: 2,
      instanceCount: 2,
      byteCount: 2000,
      conflictCount: 0,
      firstArrivalAt: found.firstArrivalAt,
      lastArrivalAt: found.lastArrivalAt,
      arrival: 'preparing',
      series: [
        {
          seriesId: found.series[0]?.seriesId,
          seriesInstanceUid: '20.1.1',
          modality: 'PX',
          seriesNumber: 1,
          description: 'Pano',
          bodyPart: null,
          laterality: null,
          stationName: null,
          manufacturer: null,
          instanceCount: 1,
          byteCount: 1000,
          images: 1,
          next: null,
        },
        expect.objectContaining({ seriesInstanceUid: '20.1.2', modality: 'XC', images: 1 }),
      ],
    });
  });

  it('gives a large series page by page, each image once, whatever its numbers are', async () => {
    await store(
      '21.1',
      ...Array.from({ length: 130 }, (_, n) => ({ InstanceNumber: n % 5 === 0 ? null : n % 7 })),
    );
    const studyId = await idOf('21.1');
    const { series } = await readStudy(database.db.withTenant, reader, studyId);
    const [first] = series;
    const ids = (first?.images ?? []).map(({ instanceId }) => instanceId);
    expect(ids.length).toBe(STUDY_IMAGES);
    let after = first?.next ?? null;
    while (after !== null) {
      const page = await readSeriesImages(database.db.withTenant, reader, {
        studyId,
        seriesId: first?.seriesId ?? '',
        after,
      });
      ids.push(...page.images.map(({ instanceId }) => instanceId));
      after = page.next;
    }
    expect([ids.length, new Set(ids).size]).toEqual([130, 130]);
    await expect(
      readSeriesImages(database.db.withTenant, reader, { studyId, seriesId: studyId, after: ids[0] ?? '' }),
    ).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('in quarantine has no patient; rejected it is there for those who decide', async () => {
    await store('22.1', { PatientID: null });
    const id = await idOf('22.1');
    const { withTenant } = database.db;
    expect(await readStudy(withTenant, reader, id)).toMatchObject({
      patient: null,
      matchState: 'quarantined',
      quarantineReason: 'missing-patient-id',
    });
    await database.owner(
      `update study set match_state = 'rejected', quarantine_reason = null where study_uid = '22.1' and tenant_id = $1`,
      [tenant.tenantId],
    );
    await expect(readStudy(withTenant, reader, id)).rejects.toMatchObject({ kind: 'not-found' });
    expect((await readStudy(withTenant, principal(ROLES.orthodontist), id)).matchState).toBe('rejected');
  });
});

describe('pictures', () => {
  it('are found by their version only, in their tenant, by one statement for all who ask together', async () => {
    const stored = await store('30.1', {}, {}, {});
    for (const { instanceId } of stored) await derive(instanceId);
    const [row] = await database.owner<{ sha: string }>(
      `select encode(sha256, 'hex') as sha from instance where id = $1`,
      [stored[0]?.instanceId],
    );
    const version = pictureVersion(row?.sha ?? '', 1);
    let statements = 0;
    const pictures = createPictureLookup({
      withTenant: async (tenantId, work) => {
        statements += 1;
        return await database.db.withTenant(tenantId, work);
      },
    });
    const address = { instanceId: stored[0]?.instanceId ?? '', version, kind: 'preview' } as const;
    const other = await database.tenant('Curious');
    const found = await Promise.all([
      pictures.find(tenant.tenantId, address, false),
      pictures.find(tenant.tenantId, { ...address, version: '0000000000000000-1' }, false),
      pictures.find(tenant.tenantId, { ...address, instanceId: '999999999999' }, false),
      pictures.find(other.tenantId, address, false),
    ]);
    expect(found).toEqual([
      {
        location: { store: 'archive', key: `k/${address.instanceId}preview`, offset: 0, length: 10 },
        mediaType: 'image/jpeg',
        studyInstanceUid: '30.1',
      },
      undefined,
      undefined,
      undefined,
    ]);
    expect(statements).toBe(2);
    await database.owner(
      `update study set match_state = 'rejected' where study_uid = '30.1' and tenant_id = $1`,
      [tenant.tenantId],
    );
    expect([
      await pictures.find(tenant.tenantId, address, false),
      (await pictures.find(tenant.tenantId, address, true))?.studyInstanceUid,
    ]).toEqual([undefined, '30.1']);
  });
});
