// Real: DCMTK over TLS, certificates made by openssl, the listener's TLS port.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AssociationPeer } from './admission.ts';
import { generateFile } from './testing/generate-file.ts';
import { associateRequest } from './testing/peer-pdus.ts';
import { runTool } from './testing/peer-process.ts';
import { echoOnce, RawPeer } from './testing/raw-peer.ts';
import { ADMITTED, startListener, type TestListener } from './testing/start-listener.ts';

let folder: string;
let listener: TestListener;
const peers: AssociationPeer[] = [];
const at = (name: string): string => path.join(folder, name);

const openssl = async (...args: readonly string[]): Promise<void> => {
  const run = await runTool('openssl', args);
  if (run.code !== 0) throw new Error(`openssl ${args[0]}: ${run.output}`);
};

/** A certificate authority, and a certificate that it signed, both for a day. */
const makeCa = (name: string): Promise<void> =>
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '1',
    '-subj',
    `/CN=${name}`,
    '-keyout',
    at(`${name}.key`),
    '-out',
    at(`${name}.pem`),
  );
const makeSigned = async (name: string, ca: string): Promise<void> => {
  await openssl(
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-subj',
    `/CN=${name}`,
    '-keyout',
    at(`${name}.key`),
    '-out',
    at(`${name}.csr`),
  );
  await openssl(
    'x509',
    '-req',
    '-days',
    '1',
    '-in',
    at(`${name}.csr`),
    '-CA',
    at(`${ca}.pem`),
    '-CAkey',
    at(`${ca}.key`),
    '-CAcreateserial',
    '-out',
    at(`${name}.pem`),
  );
};

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'archwire-tls-'));
  await Promise.all([makeCa('clinic-ca'), makeCa('other-ca')]);
  await Promise.all([
    makeSigned('localhost', 'clinic-ca'),
    makeSigned('pano-1', 'clinic-ca'),
    makeSigned('stranger', 'other-ca'),
  ]);
  await writeFile(at('image.dcm'), generateFile('2.25.700', 400).file);
  listener = await startListener({
    admit: async (peer) => {
      peers.push(peer);
      return { admitted: true, source: ADMITTED };
    },
    limits: { requestTimeoutMs: 1_500 },
    tls: {
      port: 0,
      key: await readFile(at('localhost.key'), 'utf8'),
      cert: await readFile(at('localhost.pem'), 'utf8'),
      ca: await readFile(at('clinic-ca.pem'), 'utf8'),
    },
  });
});
afterAll(async () => {
  await listener.stop();
  await rm(folder, { recursive: true, force: true });
});

const storeWith = (client: string): Promise<{ code: number; output: string }> =>
  runTool('storescu', [
    '+tls',
    at(`${client}.key`),
    at(`${client}.pem`),
    '+cf',
    at('clinic-ca.pem'),
    '-aet',
    'PANO',
    '127.0.0.1',
    String(listener.tlsPort),
    at('image.dcm'),
  ]);

test('a device with a certificate of the clinic stores over TLS, and admission sees who it is', async () => {
  const run = await storeWith('pano-1');
  expect([run.code, run.output]).toEqual([0, '']);
  expect(peers).toEqual([
    {
      address: '127.0.0.1',
      calledAe: 'ANY-SCP',
      callingAe: 'PANO',
      tlsClientCertificate: {
        commonName: 'pano-1',
        fingerprint256: expect.stringMatching(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/),
      },
    },
  ]);
  expect(listener.ingest.kept.map(({ command }) => command.SOPInstanceUID)).toEqual(['2.25.700']);
});

test('no certificate, a certificate of another authority, or an old protocol: no association', async () => {
  const before = peers.length;
  const port = String(listener.tlsPort);
  const anonymous = await runTool('storescu', ['+tla', '-ic', '127.0.0.1', port, at('image.dcm')]);
  const stranger = await storeWith('stranger');
  const old = await runTool('openssl', [
    's_client',
    '-connect',
    `127.0.0.1:${port}`,
    '-tls1_1',
    '-cipher',
    'ALL:@SECLEVEL=0',
    '-cert',
    at('pano-1.pem'),
    '-key',
    at('pano-1.key'),
  ]);
  expect([anonymous.code === 0, stranger.code === 0, old.code === 0, peers.length - before]).toEqual([
    false,
    false,
    false,
    0,
  ]);
});

test('plain DICOM and silence on the TLS port end; both ports answer afterwards', async () => {
  const port = listener.tlsPort ?? 0;
  const plain = await RawPeer.open(port);
  plain.send(associateRequest());
  const silent = await RawPeer.open(port);
  await plain.closed();
  await silent.closed();
  expect(await echoOnce(listener.port)).toBe(0);
  expect((await storeWith('pano-1')).code).toBe(0);
});
