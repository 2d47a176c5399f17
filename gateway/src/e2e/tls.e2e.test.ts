// Real: the whole server as a process of its own, its embedded PostgreSQL, DCMTK over TLS, certificates made by openssl.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  freePort,
  startArchwire,
  temporaryFolder,
  waitFor,
  type Archwire,
} from '@archwire/test-data/processes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dataSetOf, dcmtk, sentBy } from './testing/dcmtk.ts';
import { smallObject } from './testing/small-object.ts';

let folder: string;
let server: Archwire;
let tlsPort: number;
const at = (name: string): string => join(folder, name);
const object = smallObject('over TLS', 1);

const openssl = async (...args: readonly string[]): Promise<void> => {
  const { code, output } = await dcmtk('openssl', args);
  if (code !== 0) throw new Error(`openssl ${args[0]}: ${output}`);
};
/** A key and a request or certificate of that name, for a day. */
const made = async (name: string, ...more: readonly string[]): Promise<void> => {
  const subject = ['-newkey', 'rsa:2048', '-nodes', '-subj', `/CN=${name}`, '-keyout', at(`${name}.key`)];
  await openssl('req', ...subject, ...more);
};
const authority = (name: string): Promise<void> =>
  made(name, '-x509', '-days', '1', '-out', at(`${name}.pem`));
const signed = async (name: string, ca: string): Promise<void> => {
  await made(name, '-out', at(`${name}.csr`));
  const by = ['-CA', at(`${ca}.pem`), '-CAkey', at(`${ca}.key`), '-CAcreateserial'];
  await openssl('x509', '-req', '-days', '1', '-in', at(`${name}.csr`), ...by, '-out', at(`${name}.pem`));
};

beforeAll(async () => {
  folder = await temporaryFolder();
  await authority('clinic-ca');
  await authority('other-ca');
  await signed('localhost', 'clinic-ca');
  await signed('pano-1', 'clinic-ca');
  await signed('stranger', 'other-ca');
  await writeFile(at('image.dcm'), object.bytes);
  tlsPort = await freePort();
  server = await startArchwire({
    dataDir: at('data'),
    env: {
      ARCHWIRE_DIMSE_TLS_PORT: String(tlsPort),
      ARCHWIRE_TLS_KEY: at('localhost.key'),
      ARCHWIRE_TLS_CERT: at('localhost.pem'),
      ARCHWIRE_TLS_CA: at('clinic-ca.pem'),
    },
  });
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const instance = `/dicomweb/studies/${object.study}/series/${object.series}/instances/${object.instance}`;
const kept = async (): Promise<Response> =>
  await server.fetch(instance, { headers: { accept: 'application/dicom; transfer-syntax=*' } });
const store = async (port: number, ...tls: readonly string[]): Promise<number | null> =>
  (await dcmtk('storescu', [...tls, '-aec', 'ARCHWIRE', '127.0.0.1', String(port), at('image.dcm')])).code;
const as = (client: string): readonly string[] =>
  ['+tls', at(`${client}.key`), at(`${client}.pem`)].concat('+cf', at('clinic-ca.pem'));

it('takes an image over TLS from a client of the clinic only', async () => {
  const refused = [
    await store(tlsPort, '+tla', '-ic'),
    await store(tlsPort, ...as('stranger')),
    await store(tlsPort),
  ];
  expect([refused.includes(0), (await kept()).status]).toEqual([false, 404]);

  expect(await store(tlsPort, ...as('pano-1'))).toBe(0);
  await waitFor('the index', async () => (await kept()).ok);
  const answer = await kept();
  const sent = await sentBy(at('image.dcm'), folder);
  expect(dataSetOf(Buffer.from(await answer.arrayBuffer())).equals(dataSetOf(sent))).toBe(true);
});

it('says where it listens, and goes on listening in plain beside it', async () => {
  expect(server.output()).toContain(String(tlsPort));
  expect(await store(server.dimsePort)).toBe(0);
});
