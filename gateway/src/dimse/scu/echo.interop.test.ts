// Real: DCMTK's storescp (plain and TLS), Orthanc, our own listener; certificates made by openssl.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort, type PeerProcess, runTool, startPeer } from '../testing/peer-process.ts';
import { startListener } from '../testing/start-listener.ts';
import { createEcho } from './echo.ts';

let folder: string;
const peers: PeerProcess[] = [];
const at = (name: string): string => path.join(folder, name);
const echo = createEcho({ callingAe: 'ARCHWIRE', tls: {} });
const target = (port: number, calledAe = 'ANY-SCP') => ({ host: '127.0.0.1', port, calledAe, tls: false });

const storescp = async (...args: readonly string[]): Promise<number> => {
  const port = await freePort();
  peers.push(await startPeer('storescp', ['-od', folder, ...args, String(port)], [port]));
  return port;
};
const orthanc = async (configuration: object): Promise<number> => {
  const [httpPort, port] = [await freePort(), await freePort()];
  const file = at(`orthanc-${port}.json`);
  await writeFile(
    file,
    JSON.stringify({
      StorageDirectory: at(`orthanc-${port}`),
      IndexDirectory: at(`orthanc-${port}`),
      HttpPort: httpPort,
      DicomPort: port,
      DicomAet: 'ORTHANC',
      RemoteAccessAllowed: false,
      AuthenticationEnabled: false,
      Plugins: [],
      ...configuration,
    }),
  );
  peers.push(await startPeer('Orthanc', [file], [port]));
  return port;
};

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'archwire-echo-'));
  const wanted = 'req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost'.split(' ');
  const names = ['-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  const files = ['-keyout', at('key.pem'), '-out', at('cert.pem')];
  const made = await runTool('openssl', [...wanted, ...names, ...files]);
  if (made.code !== 0) throw new Error(made.output);
});
afterAll(async () => {
  await Promise.all(peers.map((peer) => peer.stop()));
  await rm(folder, { recursive: true, force: true });
});

test('DCMTK answers, and says who made it', async () => {
  const port = await storescp();
  expect(await echo(target(port))).toEqual({
    outcome: 'success',
    milliseconds: expect.any(Number) as unknown,
    callingAe: 'ARCHWIRE',
    rejection: null,
    status: 0,
    implementationClassUid: expect.stringMatching(/^1\.2\.276\.0\.7230010\.3\./) as unknown,
    implementationVersionName: expect.stringMatching(/^OFFIS_DCMTK_/) as unknown,
  });
  // By name too, where the first address of the name may not listen.
  expect((await echo({ ...target(port), host: 'localhost' })).outcome).toBe('success');
});

test('DCMTK that aborts, or rejects whoever comes', async () => {
  expect((await echo(target(await storescp('--refuse')))).outcome).toBe('rejected');
  expect((await echo(target(await storescp('--abort-after')))).outcome).toBe('success');
});

test('a peer that takes one small PDU at a time gets the command in pieces it can take', async () => {
  expect((await echo(target(await storescp('--max-pdu', '4096')))).outcome).toBe('success');
});

test('Orthanc answers by its title only, and only to those it knows', async () => {
  const port = await orthanc({ DicomCheckCalledAet: true });
  expect(await echo(target(port, 'ORTHANC'))).toMatchObject({ outcome: 'success', status: 0 });
  expect(await echo(target(port, 'WRONG'))).toMatchObject({ outcome: 'rejected', rejection: 'called-ae' });
  const strict = await orthanc({ DicomAlwaysAllowEcho: false, DicomAlwaysAllowStore: false });
  expect(['rejected', 'no-verification']).toContain((await echo(target(strict, 'ORTHANC'))).outcome);
});

test('our own listener refuses and says why', async () => {
  const listener = await startListener({
    admit: async ({ calledAe }) => ({
      admitted: false,
      reason: calledAe === 'ARCHWIRE' ? 'calling-ae' : 'called-ae',
    }),
    limits: { maxAssociationsPerAe: 1 },
  });
  expect(await echo(target(listener.port, 'ARCHWIRE'))).toMatchObject({ rejection: 'calling-ae' });
  expect(await echo(target(listener.port, 'OTHER'))).toMatchObject({ rejection: 'called-ae' });
  await listener.stop();
  const busy = await startListener({ limits: { maxAssociationsPerAe: 0 } });
  expect(await echo(target(busy.port))).toMatchObject({ outcome: 'rejected', rejection: 'busy' });
  await busy.stop();
});

test('a peer that wants TLS is known as such, and answers over TLS', async () => {
  const tls = ['+tls', at('key.pem'), at('cert.pem'), '-ic'];
  const port = await storescp(...tls);
  expect((await echo(target(port))).outcome).toBe('tls-needed');
  expect((await echo({ ...target(port), tls: true })).outcome).toBe('tls-failed');
  const ca = await readFile(at('cert.pem'), 'utf8');
  const trusting = createEcho({ callingAe: 'ARCHWIRE', tls: { ca } });
  expect(await trusting({ ...target(port), tls: true })).toMatchObject({ outcome: 'success', status: 0 });
  const plain = await storescp();
  expect((await trusting({ ...target(plain), tls: true })).outcome).toBe('tls-failed');
});
