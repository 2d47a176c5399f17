// Real: DCMTK's echoscu, storescu and dcmsend against the listener; storescp +B receives the same as the oracle.
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { FakeIngest } from './testing/fake-ingest.ts';
import { generateFile, SECONDARY_CAPTURE } from './testing/generate-file.ts';
import { freePort, runTool, startPeer } from './testing/peer-process.ts';
import { ADMITTED, startListener, type TestListener } from './testing/start-listener.ts';

const SAMPLES = process.env['ARCHWIRE_SAMPLES'];
const SAMPLE_FOLDERS = [
  'dicom_transfer_syntax',
  'dicom_dental',
  'dicom_charset',
  'dicom_pixel',
  'dicom_objects',
];

let folder: string;
/** Generated images, one per transfer syntax that DCMTK can write. */
let generated: string[] = [];
const running: TestListener[] = [];
const start = async (options: Parameters<typeof startListener>[0] = {}): Promise<TestListener> => {
  const listener = await startListener(options);
  running.push(listener);
  return listener;
};

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'archwire-dimse-'));
  const plain = path.join(folder, 'explicit.dcm');
  await writeFile(plain, generateFile('2.25.100').file);
  const conversions = [
    ['implicit', 'dcmconv', '+ti'],
    ['big-endian', 'dcmconv', '+tb'],
    ['deflated', 'dcmconv', '+td'],
    ['rle', 'dcmcrle', '+un'],
    ['jpeg-lossless', 'dcmcjpeg', '+e1'],
    ['jpeg-ls', 'dcmcjpls', '+el'],
  ] as const;
  generated = [plain];
  for (const [index, [name, tool, option]] of conversions.entries()) {
    const source = path.join(folder, `source-${index}.dcm`);
    await writeFile(source, generateFile(`2.25.${101 + index}`).file);
    const target = path.join(folder, `${name}.dcm`);
    const run = await runTool(tool, [option, source, target]);
    if (run.code !== 0) throw new Error(`${tool}: ${run.output}`);
    generated.push(target);
  }
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((listener) => listener.stop()));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const sampleFiles = async (): Promise<string[]> => {
  if (SAMPLES === undefined) return [];
  const lists = await Promise.all(
    SAMPLE_FOLDERS.map(async (name) => {
      const base = path.join(SAMPLES, name);
      const entries = await readdir(base, { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name));
    }),
  );
  return lists.flat().toSorted();
};

/** SOP Instance UID, transfer syntax and data set digest of a file that storescp +B wrote. */
const describeFile = async (file: string): Promise<string> => {
  const bytes = await readFile(file);
  const dataSet = bytes.subarray(144 + bytes.readUInt32LE(140));
  const uid = (number: number): string => {
    const at = bytes.indexOf(Buffer.from([0x02, 0x00, number, 0x00, 0x55, 0x49]));
    return bytes
      .subarray(at + 8, at + 8 + bytes.readUInt16LE(at + 6))
      .toString('latin1')
      .replace(/\0$/, '');
  };
  return [uid(0x03), uid(0x10), createHash('sha256').update(dataSet).digest('hex')].join(' ');
};

test('C-ECHO; a refusal is told in words of the standard', async () => {
  const listener = await start({
    admit: async ({ calledAe, callingAe }) =>
      calledAe !== 'ARCHWIRE'
        ? { admitted: false, reason: 'called-ae' }
        : callingAe === 'KNOWN'
          ? { admitted: true, source: ADMITTED }
          : { admitted: false, reason: 'calling-ae' },
  });
  const port = String(listener.port);
  const good = await runTool('echoscu', ['-v', '-aec', 'ARCHWIRE', '-aet', 'KNOWN', '127.0.0.1', port]);
  const called = await runTool('echoscu', ['-aec', 'OTHER', '-aet', 'KNOWN', '127.0.0.1', port]);
  const calling = await runTool('echoscu', ['-aec', 'ARCHWIRE', '-aet', 'STRANGER', '127.0.0.1', port]);
  expect({
    good: [good.code, good.output.includes('Received Echo Response (Success)')],
    called: /Reason: (.*)/.exec(called.output)?.[1],
    calling: /Reason: (.*)/.exec(calling.output)?.[1],
  }).toEqual({
    good: [0, true],
    called: 'Called AE Title Not Recognized',
    calling: 'Calling AE Title Not Recognized',
  });
});

test('every transfer syntax as sent: what arrives is byte for byte what storescp +B keeps of the same send', async () => {
  const listener = await start();
  const files = [...generated, ...(await sampleFiles())];
  const oracleFolder = path.join(folder, 'oracle');
  await mkdir(oracleFolder);
  const oraclePort = await freePort();
  const oracle = await startPeer(
    'storescp',
    ['+B', '+xa', '-pm', '-od', oracleFolder, String(oraclePort)],
    [oraclePort],
  );
  const send = (port: number): Promise<unknown> =>
    runTool('dcmsend', ['-q', '-dn', '-nh', '-nuc', '127.0.0.1', String(port), ...files]);
  await Promise.all([send(oraclePort), send(listener.port)]);
  await oracle.stop();
  const names = await readdir(oracleFolder);
  const kept = new Set(
    listener.ingest.kept.map(({ command, sha256 }) =>
      [command.SOPInstanceUID, command.TransferSyntaxUID, sha256].join(' '),
    ),
  );
  const expected = await Promise.all(names.map((name) => describeFile(path.join(oracleFolder, name))));
  expect(expected.filter((line) => !kept.has(line))).toEqual([]);
  expect(new Set(listener.ingest.kept.map(({ command }) => command.SOPInstanceUID)).size).toBe(names.length);
  expect(names.length).toBeGreaterThanOrEqual(files.length === generated.length ? generated.length : 100);
  expect(generated.length).toBe(7);
});

test.each([
  ['-xi', '1.2.840.10008.1.2'],
  ['-xe', '1.2.840.10008.1.2.1'],
  ['-xb', '1.2.840.10008.1.2.2'],
  ['-xd', '1.2.840.10008.1.2.1.99'],
  ['-x=', '1.2.840.10008.1.2.1'],
])('storescu %s: the syntax it proposes first is the one accepted', async (option, TransferSyntaxUID) => {
  const listener = await start();
  const file = path.join(folder, 'explicit.dcm');
  const run = await runTool('storescu', [option, '+C', '127.0.0.1', String(listener.port), file]);
  expect([run.code, run.output]).toEqual([0, '']);
  expect(listener.ingest.kept.map(({ command }) => command)).toEqual([
    { SOPClassUID: SECONDARY_CAPTURE, SOPInstanceUID: '2.25.100', TransferSyntaxUID },
  ]);
});

test('128 contexts in one association, each answered', async () => {
  const listener = await start();
  const run = await runTool('storescu', [
    '-d',
    '127.0.0.1',
    String(listener.port),
    path.join(folder, 'explicit.dcm'),
  ]);
  const accepted = [...run.output.matchAll(/Context ID:\s+(\d+) \(Accepted\)/g)].map((match) =>
    Number(match[1]),
  );
  expect({ code: run.code, accepted }).toEqual({
    code: 0,
    accepted: Array.from({ length: 128 }, (_, index) => 2 * index + 1),
  });
});

test('small and large PDUs, user identity, abort instead of release', async () => {
  const listener = await start();
  const port = String(listener.port);
  const file = path.join(folder, 'explicit.dcm');
  const runs = [
    await runTool('storescu', ['-pdu', '4096', '--max-send-pdu', '4096', '127.0.0.1', port, file]),
    await runTool('storescu', ['-pdu', '131072', '127.0.0.1', port, file]),
    await runTool('storescu', ['-usr', 'somebody', '-pwd', 'hunter2', '127.0.0.1', port, file]),
    await runTool('storescu', ['--abort', '127.0.0.1', port, file]),
  ];
  expect(runs.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  expect(new Set(listener.ingest.kept.map(({ sha256 }) => sha256)).size).toBe(1);
  expect(listener.ingest.kept.length).toBe(4);
  expect(JSON.stringify(listener.lines)).not.toMatch(/somebody|hunter2|Generated/);
});

test('four senders at once, with back-pressure: every object whole', async () => {
  const listener = await start({ ingest: new FakeIngest({ highWater: 200_000 }) });
  const sendFolder = path.join(folder, 'many');
  await mkdir(sendFolder);
  const uids = Array.from({ length: 40 }, (_, index) => `2.25.9${index}`);
  for (const uid of uids) await writeFile(path.join(sendFolder, uid), generateFile(uid, 500).file);
  const runs = await Promise.all(
    Array.from({ length: 4 }, (_, index) =>
      runTool('dcmsend', ['-aet', `SENDER${index}`, '+sd', '127.0.0.1', String(listener.port), sendFolder]),
    ),
  );
  expect(runs.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  const counts = Map.groupBy(listener.ingest.kept, ({ command }) => command.SOPInstanceUID);
  expect(
    [...counts].map(([uid, objects]) => [
      uid,
      objects.length,
      new Set(objects.map(({ sha256 }) => sha256)).size,
    ]),
  ).toEqual(expect.arrayContaining(uids.map((uid) => [uid, 4, 1])));
  expect([counts.size, listener.ingest.open]).toEqual([40, 0]);
  expect(listener.ingest.drains).toBeGreaterThan(40);
});
