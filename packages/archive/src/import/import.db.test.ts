// Real: PostgreSQL 18 (embedded), the write side of the archive, files on the disk of this machine, yauzl and zlib.
import { buildPart10Meta } from '@archwire/dicom';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testObject } from '../ingest/test-object.ts';
import { buildZip } from './testing/build-zip.ts';
import { principalOf, startImports, type TestImports } from './testing/start-imports.ts';

let at: TestImports;
beforeAll(async () => {
  at = await startImports();
});
afterAll(async () => await at.close());

let count = 0;
const image = (options: Partial<Parameters<typeof testObject>[0]> = {}): Buffer => {
  count += 1;
  return testObject({
    uid: `1.2.77.${count}`,
    studyUid: '1.2.77',
    seriesUid: '1.2.77.0',
    ...options,
  }).part10;
};
const finish = async (importId: string) => {
  await at.imports.service.finish(at.principal, importId);
  await at.work();
  return await at.imports.service.get(at.principal, importId);
};
const kindOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no error',
    (error: unknown) =>
      error instanceof Error && 'kind' in error && 'details' in error ? [error.kind, error.details] : error,
  );

describe('files', () => {
  it('are stored, or named with the reason why not', async () => {
    const { id } = await at.begin();
    const first = image({ uid: '1.2.77.1000' });
    const object = testObject({ uid: '1.2.77.1001', studyUid: '1.2.77', seriesUid: '1.2.77.0' });
    const files: readonly [string, Buffer][] = [
      ['a/first.dcm', first],
      ['a/first again.dcm', first],
      ['a/other bytes.dcm', image({ uid: '1.2.77.1000', seed: 9 })],
      ['a/unknown person.dcm', image({ patientId: '', studyUid: '1.2.78', seriesUid: '1.2.78.0' })],
      ['a/data set only', object.dataSet],
      ['a/no preamble', image().subarray(132)],
      ['b/cut off.dcm', image().subarray(0, 700)],
      ['b/photo.jpg', Buffer.from('ffd8ffe000104a464946', 'hex')],
      ['b/Thumbs.db', Buffer.from('d0cf11e0a1b11ae1', 'hex')],
      ['b/.DS_Store', Buffer.from('0000000142756431', 'hex')],
      ['b/AUTORUN.INF', Buffer.from('[autorun]\r\nopen=viewer.exe\r\n')],
      ['b/viewer.exe', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(5000)])],
      ['b/empty', Buffer.alloc(0)],
      ['b/pretends.dcm', Buffer.concat([Buffer.alloc(128), Buffer.from('DICMnothing of the kind')])],
    ];
    for (const [path, bytes] of files) await at.bring(id, path, bytes);
    expect(await at.report(id)).toEqual({
      'a/first.dcm': 'stored',
      'a/first again.dcm': 'duplicate',
      'a/other bytes.dcm': 'conflict',
      'a/unknown person.dcm': 'quarantined missing-patient-id',
      'a/data set only': 'stored',
      'a/no preamble': 'stored',
      'b/cut off.dcm': 'unreadable truncated',
      'b/photo.jpg': 'skipped not-dicom',
      'b/Thumbs.db': 'skipped not-dicom',
      'b/.DS_Store': 'skipped not-dicom',
      'b/AUTORUN.INF': 'skipped not-dicom',
      'b/viewer.exe': 'skipped not-dicom',
      'b/empty': 'skipped empty',
      'b/pretends.dcm': 'unreadable transfer-syntax',
    });
    const done = await finish(id);
    expect(done).toMatchObject({
      state: 'done',
      counts: {
        files: 14,
        waiting: 0,
        queued: 0,
        studies: 2,
        outcomes: { stored: 3, duplicate: 1, conflict: 1, quarantined: 1, unreadable: 2, skipped: 6 },
      },
    });
    const { studies } = await at.imports.service.studies(at.principal, id, undefined);
    expect(
      studies.map(({ studyInstanceUid, files: of, quarantined }) => [studyInstanceUid, of, quarantined]),
    ).toEqual([
      ['1.2.78', 1, true],
      ['1.2.77', 5, false],
    ]);
    const audit = await at.database.owner<{ action: string; study: string | null }>(
      `select action, study_uid as study from audit_log order by seq`,
    );
    expect(audit.map(({ action, study }) => `${action} ${study ?? ''}`.trim())).toEqual([
      'imaging.import.created',
      'imaging.study.stored 1.2.77',
      'imaging.study.stored 1.2.78',
      'imaging.import.sent',
      'imaging.import.finished',
    ]);
  });

  it('are kept byte for byte, a missing preamble put before them', async () => {
    const { id } = await at.begin();
    const object = testObject({ uid: '1.2.79.1', studyUid: '1.2.79', seriesUid: '1.2.79.0' });
    const whole = image({ uid: '1.2.79.2', studyUid: '1.2.79', seriesUid: '1.2.79.0' });
    await at.bring(id, 'bare', object.dataSet);
    await at.bring(id, 'headless', whole.subarray(132));
    const rows = await at.database.owner<{ store: string; key: string; offset: number; length: number }>(
      `select store, key, "offset"::int as offset, length::int as length from instance where sop_uid like '1.2.79.%' order by sop_uid`,
    );
    const bytes = await Promise.all(
      rows.map(({ key, offset, length }) => at.archive.journal.reader.read(key, { offset, length })),
    );
    expect(bytes).toEqual([Buffer.concat([buildPart10Meta(object.command), object.dataSet]), whole]);
  });

  it('are known by their key: asking first says what is here', async () => {
    const { id } = await at.begin();
    const bytes = image();
    const declaration = { files: [{ key: 'the-same-key', path: 'x.dcm', size: bytes.length }] };
    const [before] = (await at.imports.service.declare(at.principal, id, declaration)).files;
    await at.send(id, before?.fileId ?? '', bytes);
    const [after] = (await at.imports.service.declare(at.principal, id, declaration)).files;
    expect([before?.state, after?.state, after?.outcome, after?.fileId === before?.fileId]).toEqual([
      'waiting',
      'done',
      'stored',
      true,
    ]);
    // Sending again reads nothing and changes nothing.
    expect((await at.send(id, before?.fileId ?? '', Buffer.alloc(bytes.length))).outcome).toBe('stored');
  });

  it('that break off leave nothing, and come again', async () => {
    const { id } = await at.begin();
    const bytes = image();
    const { files } = await at.imports.service.declare(at.principal, id, {
      files: [{ key: 'breaks-off', path: 'x.dcm', size: bytes.length }],
    });
    const fileId = files[0]?.fileId ?? '';
    async function* broken() {
      yield bytes.subarray(0, 600);
      throw new Error('ECONNRESET');
    }
    const sent = { importId: id, fileId, offset: 0, length: bytes.length };
    expect(await kindOf(at.imports.service.receive(at.principal, { ...sent, chunks: broken() }))).toEqual([
      'invalid',
      { reason: 'interrupted' },
    ]);
    expect(await kindOf(at.send(id, fileId, bytes.subarray(0, 600)))).toEqual([
      'invalid',
      { reason: 'size-mismatch' },
    ]);
    expect(await at.report(id)).toEqual({ 'x.dcm': 'waiting' });
    expect((await at.send(id, fileId, bytes)).outcome).toBe('stored');
  });

  it('that never came are named when the import ends, and nothing comes after the end', async () => {
    const { id } = await at.begin();
    const { files } = await at.imports.service.declare(at.principal, id, {
      files: [{ key: 'never-comes', path: 'gone.dcm', size: 10 }],
    });
    await finish(id);
    expect(await at.report(id)).toEqual({ 'gone.dcm': 'missing not-sent' });
    expect(await kindOf(at.send(id, files[0]?.fileId ?? '', Buffer.alloc(10)))).toEqual([
      'conflict',
      { reason: 'import-ended' },
    ]);
    expect(await kindOf(at.bring(id, 'late.dcm', image()))).toEqual(['conflict', { reason: 'import-ended' }]);
    // Twice is no error.
    expect((await at.imports.service.finish(at.principal, id)).state).toBe('done');
    expect(await kindOf(at.imports.service.cancel(at.principal, id))).toEqual([
      'conflict',
      { reason: 'import-ended' },
    ]);
  });

  it('cannot be named outside of their folder', async () => {
    const { id } = await at.begin();
    for (const path of ['../x', '/etc/passwd', 'C:\\x', 'a/../../x', 'a\0b'])
      expect(await kindOf(at.bring(id, path, Buffer.alloc(3)))).toMatchObject([
        'invalid',
        { reason: 'unsafe-path' },
      ]);
  });

  it('belong to their group and to those who may', async () => {
    const { id } = await at.begin();
    const stranger = principalOf(await at.database.tenant('Elsewhere'));
    expect(await kindOf(at.imports.service.get(stranger, id))).toEqual(['not-found', {}]);
    expect(await kindOf(at.imports.service.cancel(stranger, id))).toEqual(['not-found', {}]);
    expect(
      await kindOf(at.imports.service.get({ ...at.principal, permissions: new Set() }, id)),
    ).toMatchObject(['forbidden', {}]);
  });
});

describe('a ZIP', () => {
  it('gives its images, and names every file that it does not give', async () => {
    const { id } = await at.begin();
    const good = image();
    const inner = buildZip([
      { name: 'deep.dcm', data: image() },
      { name: 'deeper.zip', data: buildZip([{ name: 'x.dcm', data: image() }]) },
    ]);
    const zip = buildZip([
      { name: 'folder/', data: Buffer.alloc(0), stored: true },
      { name: 'folder/good.dcm', data: good },
      { name: 'folder/stored.dcm', data: image(), stored: true },
      { name: 'folder/big numbers.dcm', data: image(), zip64: true },
      { name: Buffer.from('R\x94ntgen.dcm', 'latin1'), data: image(), flags: 0 },
      { name: 'notes.txt', data: Buffer.from('hello') },
      { name: '../../evil.dcm', data: image() },
      { name: '/etc/evil.dcm', data: image() },
      { name: 'C:\\evil.dcm', data: image() },
      { name: '..\\evil.dcm', data: image() },
      { name: 'link.dcm', data: Buffer.from('/etc/passwd'), madeBy: 0x0314, external: 0o120777 << 16 },
      { name: 'secret.dcm', data: image(), flags: 0x801 },
      { name: 'lzma.dcm', data: image(), method: 14 },
      { name: 'folder/good.dcm', data: image() },
      { name: 'FOLDER/GOOD.DCM', data: image() },
      { name: 'wrong sum.dcm', data: image(), crc: 1 },
      { name: 'grows.dcm', data: image(), size: 600 },
      { name: 'shrinks.dcm', data: image(), size: 90_000 },
      { name: 'damaged.dcm', data: image(), raw: Buffer.alloc(50, 0xff) },
      { name: 'empty', data: Buffer.alloc(0), stored: true },
      { name: 'inner.zip', data: inner },
    ]);
    expect((await at.bring(id, 'disc.zip', zip)).state).toBe('queued');
    await at.work();
    const report = await at.report(id);
    expect(report).toEqual({
      'disc.zip': 'opened',
      'disc.zip/folder/good.dcm': 'stored',
      'disc.zip/folder/stored.dcm': 'stored',
      'disc.zip/folder/big numbers.dcm': 'stored',
      'disc.zip/Röntgen.dcm': 'stored',
      'disc.zip/notes.txt': 'skipped not-dicom',
      'disc.zip/../../evil.dcm': 'refused unsafe-path',
      'disc.zip//etc/evil.dcm': 'refused unsafe-path',
      'disc.zip/C:\\evil.dcm': 'refused unsafe-path',
      'disc.zip/..\\evil.dcm': 'refused unsafe-path',
      'disc.zip/link.dcm': 'refused symbolic-link',
      'disc.zip/secret.dcm': 'refused zip-encrypted',
      'disc.zip/lzma.dcm': 'refused zip-compression',
      'disc.zip/folder/good.dcm (again)': 'refused duplicate-name',
      'disc.zip/FOLDER/GOOD.DCM': 'refused duplicate-name',
      'disc.zip/wrong sum.dcm': 'unreadable zip-crc',
      'disc.zip/grows.dcm': 'unreadable zip-damaged',
      'disc.zip/shrinks.dcm': 'unreadable zip-damaged',
      'disc.zip/damaged.dcm': 'unreadable zip-damaged',
      'disc.zip/empty': 'skipped empty',
      'disc.zip/inner.zip': 'opened',
      'inner.zip/deep.dcm': 'stored',
      'inner.zip/deeper.zip': 'refused zip-nesting',
    });
    expect(await finish(id)).toMatchObject({ state: 'done', counts: { unread: 0, waiting: 0 } });
  });

  it.each([
    ['cut off', (zip: Buffer) => zip.subarray(0, -30), 'unreadable zip-damaged'],
    [
      'without its beginning',
      (zip: Buffer) => Buffer.concat([zip.subarray(0, 4), zip.subarray(300)]),
      'unreadable zip-damaged',
    ],
    [
      'with a comment and ZIP64 fields',
      (_zip: Buffer) =>
        buildZip([{ name: 'a.dcm', data: image() }], { zip64: true, comment: 'from the practice' }),
      'opened',
    ],
    ['empty', (_zip: Buffer) => buildZip([]), 'opened'],
  ])('that is %s', async (_name, spoil, expected) => {
    const { id } = await at.begin();
    await at.bring(id, 'x.zip', spoil(buildZip([{ name: 'a.dcm', data: image() }])));
    await at.work();
    expect((await at.report(id))['x.zip']).toBe(expected);
  });

  it('goes on where it was cut off, however often, and ends the same', async () => {
    const { id } = await at.begin();
    const images = Array.from({ length: 30 }, (_each, n) => ({ name: `${n}.dcm`, data: image() }));
    await at.bring(id, 'many.zip', buildZip(images));
    const [job] = at.jobs.splice(0);
    if (job === undefined) throw new Error('There is no job.');
    // A server that stops gives up at the next file; the one after it goes on.
    const first = at.imports.opener.open(job, { lastAttempt: false });
    setTimeout(() => at.restart(), 30);
    await first.catch(() => undefined);
    await at.imports.opener.open(job, { lastAttempt: false });
    await at.imports.opener.open(job, { lastAttempt: false });
    const { counts } = await finish(id);
    expect([counts.files, counts.outcomes['opened'], counts.unread]).toEqual([31, 1, 0]);
    expect((counts.outcomes['stored'] ?? 0) + (counts.outcomes['duplicate'] ?? 0)).toBe(30);
  });
});
