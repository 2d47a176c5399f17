// Real: DCMTK's getscu and dcmcrle, the listener, the archive on its own disk, PostgreSQL (embedded), the decoders.
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { mergePatients } from '@archwire/archive';
import { PERMISSIONS } from '@archwire/contracts';
import { readInstanceHead, readPart10 } from '@archwire/dicom';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sampleObject, samplePixels, sampleUid } from '../../dicomweb/testing/sample-object.ts';
import { runTool } from '../testing/peer-process.ts';
import { EXPLICIT } from '../testing/peer-pdus.ts';
import { startRetrieve, type RunningRetrieve } from '../testing/start-retrieve.ts';

let server: RunningRetrieve;

beforeAll(async () => {
  server = await startRetrieve();
});
beforeEach(async () => {
  server.tenant = await server.database.tenant();
});
afterAll(async () => {
  await server.stop();
});

interface Got {
  /** Files by SOP Instance UID. */
  readonly files: ReadonlyMap<string, Buffer>;
  readonly output: string;
}

const get = async (keys: readonly string[], options: readonly string[] = ['-S']): Promise<Got> => {
  const out = await mkdtemp(path.join(server.folder, 'got-'));
  const { output } = await runTool('getscu', [
    '-d',
    '+B',
    '-od',
    out,
    '-aec',
    'ARCHWIRE',
    ...options,
    ...keys.flatMap((key) => ['-k', key]),
    '127.0.0.1',
    String(server.port),
  ]);
  const files = new Map<string, Buffer>();
  for (const name of await readdir(out)) {
    const bytes = await readFile(path.join(out, name));
    files.set(readInstanceHead(bytes, { totalLength: bytes.length }).header.SOPInstanceUID, bytes);
  }
  return { files, output };
};
const dataSetOf = (file: Buffer): Buffer => file.subarray(readPart10(file).dataSetOffset);
/** The last response as getscu prints it. */
const finalOf = ({ output }: Got): Readonly<Record<string, string | undefined>> => {
  const last = output.slice(output.lastIndexOf('C-GET RSP'));
  const read = (label: string): string | undefined => new RegExp(`${label}\\s*: (\\S+)`).exec(last)?.[1];
  return {
    status: /DIMSE Status\s*: (0x[0-9a-f]{4})/.exec(last)?.[1],
    completed: read('Completed Suboperations'),
    failed: read('Failed Suboperations'),
    warning: read('Warning Suboperations'),
  };
};

describe('getscu', () => {
  const slices = [1, 2, 3].map((instance) => sampleObject({ instance, seed: instance }));
  const study = 'StudyInstanceUID=1.2.3.1';
  beforeEach(async () => {
    await server.put(
      ...slices,
      sampleObject({ study: '1.2.3.2', series: '1.2.3.2.1', patientId: 'P2' }),
      sampleObject({ study: '1.2.3.1', series: '1.2.3.1.2', instance: 9 }),
    );
  });

  test('gets a study byte for byte, and the counters say so', async () => {
    const got = await get(['QueryRetrieveLevel=STUDY', study]);
    expect(finalOf(got)).toEqual({ status: '0x0000', completed: '4', failed: '0', warning: '0' });
    expect(got.files.size).toBe(4);
    for (const [n, file] of slices.entries()) {
      const received = got.files.get(sampleUid({ instance: n + 1 }));
      expect(received && dataSetOf(received).equals(dataSetOf(file))).toBe(true);
    }
  });

  test('gets every level of both roots, lists of UIDs too', async () => {
    const uid = (instance: number) => sampleUid({ instance });
    const asked: readonly (readonly [readonly string[], string, number])[] = [
      [['QueryRetrieveLevel=SERIES', study, 'SeriesInstanceUID=1.2.3.1.1'], '-S', 3],
      [['QueryRetrieveLevel=SERIES', study, 'SeriesInstanceUID=1.2.3.1.1\\1.2.3.1.2'], '-S', 4],
      [
        ['QueryRetrieveLevel=IMAGE', study, 'SeriesInstanceUID=1.2.3.1.1', `SOPInstanceUID=${uid(2)}`],
        '-S',
        1,
      ],
      [
        [
          'QueryRetrieveLevel=IMAGE',
          study,
          'SeriesInstanceUID=1.2.3.1.1',
          `SOPInstanceUID=${uid(1)}\\${uid(3)}`,
        ],
        '-S',
        2,
      ],
      [['QueryRetrieveLevel=STUDY', 'StudyInstanceUID=1.2.3.1\\1.2.3.2'], '-S', 5],
      [['QueryRetrieveLevel=PATIENT', 'PatientID=P1'], '-P', 4],
      [['QueryRetrieveLevel=PATIENT', 'PatientID=P2'], '-P', 1],
      [['QueryRetrieveLevel=STUDY', 'PatientID=P1', 'StudyInstanceUID=1.2.3.2'], '-P', 0],
      [['QueryRetrieveLevel=STUDY', 'PatientID=P2', 'StudyInstanceUID=1.2.3.2'], '-P', 1],
      [['QueryRetrieveLevel=STUDY', 'StudyInstanceUID=9.9'], '-S', 0],
    ];
    for (const [keys, root, count] of asked) {
      const got = await get(keys, [root]);
      expect([keys, got.files.size, finalOf(got)['status']]).toEqual([keys, count, '0x0000']);
    }
  });

  test('is told when its identifier does not fit the model', async () => {
    for (const [keys, root] of [
      [['QueryRetrieveLevel=PATIENT', 'PatientID=P1'], '-S'],
      [['QueryRetrieveLevel=SERIES', 'SeriesInstanceUID=1.2.3.1.1'], '-S'],
      [['QueryRetrieveLevel=STUDY', 'StudyInstanceUID'], '-S'],
      [['QueryRetrieveLevel=STUDY', 'StudyInstanceUID=1.2.*'], '-S'],
      [['QueryRetrieveLevel=STUDY', 'StudyInstanceUID=1.2.3.1'], '-P'],
      [['QueryRetrieveLevel=PATIENT', 'PatientID=P*'], '-P'],
      [['StudyInstanceUID=1.2.3.1'], '-S'],
    ] as const) {
      const got = await get(keys, [root]);
      expect([keys, got.files.size, finalOf(got)['status']]).toEqual([keys, 0, '0xa900']);
    }
  });

  test('gets nothing of another tenant, nor what a person rejected', async () => {
    await server.database.db.withTenant(server.tenant.tenantId, async (trx) => {
      await trx.raw("update study set match_state = 'rejected' where study_uid = '1.2.3.2'");
    });
    expect((await get(['QueryRetrieveLevel=STUDY', 'StudyInstanceUID=1.2.3.2'])).files.size).toBe(0);
    server.tenant = await server.database.tenant();
    const got = await get(['QueryRetrieveLevel=STUDY', study]);
    expect([got.files.size, finalOf(got)['status']]).toEqual([0, '0x0000']);
  });

  test('leaves a line in the audit log for every study', async () => {
    await get(['QueryRetrieveLevel=STUDY', 'StudyInstanceUID=1.2.3.1\\1.2.3.2']);
    await server.flushAudit();
    const { rows }: { rows: { study_uid: string }[] } = await server.database.db.withTenant(
      server.tenant.tenantId,
      async (trx) =>
        await trx.raw(
          "select study_uid from audit_log where action = 'imaging.study.retrieved' order by study_uid",
        ),
    );
    expect(rows).toEqual([{ study_uid: '1.2.3.1' }, { study_uid: '1.2.3.2' }]);
  });

  test('that takes only uncompressed syntaxes gets compressed images decoded', async () => {
    const plain = path.join(server.folder, 'plain.dcm');
    const rle = path.join(server.folder, 'rle.dcm');
    await writeFile(plain, sampleObject({ study: '1.2.3.7', series: '1.2.3.7.1', size: 64, seed: 3 }));
    execFileSync('dcmcrle', [plain, rle]);
    await server.put(await readFile(rle));
    const keys = ['QueryRetrieveLevel=STUDY', 'StudyInstanceUID=1.2.3.7'];
    const got = await get(keys);
    expect(finalOf(got)).toMatchObject({ status: '0x0000', completed: '1' });
    const [file = Buffer.alloc(0)] = got.files.values();
    expect(readPart10(file).TransferSyntaxUID).toBe(EXPLICIT);
    expect(
      dataSetOf(file)
        .subarray(-64 * 64 * 2)
        .equals(samplePixels({ size: 64, seed: 3 })),
    ).toBe(true);
    // Who takes it as it is gets it as it is.
    const [asStored = Buffer.alloc(0)] = (await get(keys, ['-S', '+xr'])).files.values();
    expect(dataSetOf(asStored).equals(dataSetOf(await readFile(rle)))).toBe(true);
  });

  test('gets it with the identity that the practice knows', async () => {
    const { tenantId } = server.tenant;
    const { withTenant } = server.database.db;
    const patientOf = async (value: string): Promise<string> => {
      const { rows }: { rows: { patient_id: string }[] } = await withTenant(
        tenantId,
        async (trx) => await trx.raw('select patient_id from patient_identifier where value = ?', [value]),
      );
      return rows[0]?.patient_id ?? '';
    };
    const administrator = {
      tenantId,
      kind: 'user' as const,
      id: '00000000-0000-4000-8000-000000000001',
      locationId: null,
      permissions: new Set(PERMISSIONS),
      address: null,
      userAgent: null,
      requestId: 'r-1',
    };
    await mergePatients(withTenant, administrator, {
      survivorId: await patientOf('P1'),
      mergedId: await patientOf('P2'),
      reason: 'the same person',
    });
    const got = await get(['QueryRetrieveLevel=PATIENT', 'PatientID=P1'], ['-P']);
    expect([got.files.size, finalOf(got)['status']]).toEqual([5, '0x0000']);
    const merged = got.files.get('1.2.3.2.1.1') ?? Buffer.alloc(0);
    expect(readInstanceHead(merged, { totalLength: merged.length }).header).toMatchObject({
      StudyInstanceUID: '1.2.3.2',
      PatientID: 'P1',
    });
    expect(dataSetOf(merged).subarray(-512).equals(samplePixels({}))).toBe(true);
  });
});
