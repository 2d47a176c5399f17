// Real: the whole server as `npm start` runs it, killed and started again, its PostgreSQL, files, sockets that are cut; DCMTK's dcmmkdir.
import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, connect, type Socket } from 'node:net';
import path from 'node:path';
import { importsApi } from '@archwire/contracts/api/imports';
import type { EndpointResponse } from '@archwire/contracts/api';
import { type Archwire, startArchwire, temporaryFolder, waitFor } from '@archwire/test-data/processes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sampleObject } from '../dicomweb/testing/sample-object.ts';

/** Discs of the sample collection, when it is there. */
const SAMPLES = process.env['ARCHWIRE_SAMPLES'] ?? '';
const SAMPLE_DISCS = SAMPLES === '' ? [] : ['dicom_dicomdir/pydicom_fileset'];

let folder: string;
let server: Archwire;
beforeAll(async () => {
  folder = await temporaryFolder();
  server = await startArchwire({ dataDir: path.join(folder, 'data') });
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

type View = EndpointResponse<typeof importsApi.get>;
const Made = z.looseObject({ id: z.string() });
const Answer = z.object({
  files: z.array(z.looseObject({ key: z.string(), fileId: z.string(), state: z.string() })),
});
const Sent = z.looseObject({ state: z.string(), outcome: z.string().nullable() });
const Listed = z.object({
  files: z.array(
    z.looseObject({
      path: z.string(),
      inside: z.string().nullable(),
      outcome: z.string().nullable(),
      reason: z.string().nullable(),
      state: z.string(),
    }),
  ),
  next: z.string().nullable(),
});

const json = async (method: string, at: string, body?: unknown): Promise<unknown> => {
  const answer = await server.fetch(`/api/v1/imports${at}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  if (!answer.ok) throw new Error(`${method} ${at}: ${answer.status} ${await answer.text()}`);
  return await answer.json();
};
const begin = async (count: number): Promise<string> =>
  Made.parse(await json('POST', '', { expectedFiles: count, expectedBytes: 1 })).id;
const view = async (id: string): Promise<View> =>
  importsApi.get.response?.parse(await json('GET', `/${id}`)) ?? fail();
const fail = (): never => {
  throw new Error('The endpoint has no response.');
};

interface Item {
  readonly key: string;
  readonly path: string;
  readonly bytes: () => Buffer;
  readonly size: number;
}
const declare = async (id: string, items: readonly Item[]) => {
  const answers: z.infer<typeof Answer>['files'] = [];
  for (let at = 0; at < items.length; at += 200) {
    const files = items.slice(at, at + 200).map(({ key, path: name, size }) => ({ key, path: name, size }));
    answers.push(...Answer.parse(await json('POST', `/${id}/files`, { files })).files);
  }
  return new Map(answers.map((answer) => [answer.key, answer]));
};
const put = async (id: string, fileId: string, body: Buffer, offset = 0, base = '') => {
  const at = `/api/v1/imports/${id}/files/${fileId}?offset=${offset}`;
  const init = {
    method: 'PUT',
    body: new Uint8Array(body),
    headers: { 'content-type': 'application/octet-stream' },
  };
  const answer =
    base === ''
      ? await server.fetch(at, init)
      : await fetch(`${base}${at}`, { ...init, headers: { ...init.headers, authorization: await token() } });
  if (!answer.ok) throw new Error(`PUT: ${answer.status} ${await answer.text()}`);
  return Sent.parse(await answer.json());
};
const token = async (): Promise<string> => {
  const answer = await fetch(`${server.url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'admin@archwire.local', password: 'correct horse battery staple' }),
  });
  return `Bearer ${z.looseObject({ accessToken: z.string() }).parse(await answer.json()).accessToken}`;
};

/** Sends what the server says it lacks, six at a time; `false` when something broke on the way. */
const sendMissing = async (
  id: string,
  items: readonly Item[],
  base = '',
  authorization = '',
): Promise<boolean> => {
  const known = await declare(id, items);
  const queue = items.filter(({ key }) => known.get(key)?.state !== 'done').values();
  let whole = true;
  const lane = async () => {
    for (const item of queue) {
      const fileId = known.get(item.key)?.fileId ?? '';
      try {
        if (base === '') await put(id, fileId, item.bytes());
        else {
          const answer = await fetch(`${base}/api/v1/imports/${id}/files/${fileId}`, {
            method: 'PUT',
            body: new Uint8Array(item.bytes()),
            headers: { 'content-type': 'application/octet-stream', authorization },
          });
          if (!answer.ok) whole = false;
          await answer.body?.cancel();
        }
      } catch {
        whole = false;
        return;
      }
    }
  };
  await Promise.all(Array.from({ length: 6 }, lane));
  return whole;
};

const items = (study: string, count: number, size = 16): Item[] =>
  Array.from({ length: count }, (_each, at) => {
    const make = () =>
      sampleObject({ study, series: `${study}.1`, instance: at + 1, patientId: `P${study}`, size });
    return {
      key: `key-${study}-${at}`.replaceAll('.', '_'),
      path: `disc/IM${at}`,
      bytes: make,
      size: make().length,
    };
  });

const report = async (id: string): Promise<Record<string, string>> => {
  const all: Record<string, string> = {};
  for (let after = ''; ;) {
    const page = Listed.parse(await json('GET', `/${id}/files${after === '' ? '' : `?after=${after}`}`));
    for (const { path: name, inside, outcome, reason, state } of page.files)
      all[inside === null ? name : `${inside}/${name}`] =
        `${outcome ?? state}${reason === null ? '' : ` ${reason}`}`;
    if (page.next === null) return all;
    after = page.next;
  }
};
const finish = async (id: string): Promise<View> => {
  await json('POST', `/${id}/finish`, {});
  await waitFor('the end of the import', async () => (await view(id)).state === 'done', { seconds: 120 });
  return await view(id);
};

/** Passes bytes on to the server until it is cut: then every socket through it is destroyed. */
const startWire = async () => {
  const sockets = new Set<Socket>();
  const wire = createServer((socket) => {
    const other = connect(Number(new URL(server.url).port), '127.0.0.1');
    for (const end of [socket, other]) {
      sockets.add(end);
      end.on('error', () => {});
      end.on('close', () => sockets.delete(end));
    }
    socket.pipe(other);
    other.pipe(socket);
  });
  await new Promise<void>((resolve) => wire.listen(0, '127.0.0.1', resolve));
  const address = wire.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    cut: () => {
      wire.close();
      for (const socket of sockets) socket.destroy();
    },
  };
};

describe('a disc', () => {
  it('made by dcmmkdir: what its DICOMDIR names and did not come is missing, what it does not name is stored all the same', async () => {
    const disc = path.join(folder, 'disc');
    await mkdir(path.join(disc, 'IMAGES'), { recursive: true });
    for (const at of [1, 2, 3])
      await writeFile(
        path.join(disc, 'IMAGES', `IM${at}`),
        sampleObject({ study: '1.2.904', series: '1.2.904.1', instance: at, patientId: 'P904' }),
      );
    const made = spawnSync(
      'dcmmkdir',
      ['--general-purpose', '+id', disc, '+r', '+D', path.join(disc, 'DICOMDIR'), 'IMAGES'],
      {
        cwd: disc,
        encoding: 'utf8',
      },
    );
    expect([made.status, made.stderr.includes('E:')]).toEqual([0, false]);
    await writeFile(
      path.join(disc, 'IMAGES', 'EXTRA'),
      sampleObject({ study: '1.2.904', series: '1.2.904.1', instance: 9, patientId: 'P904' }),
    );
    await rm(path.join(disc, 'IMAGES', 'IM2'));
    const id = await begin(4);
    const all: Item[] = [];
    for (const name of ['DICOMDIR', 'IMAGES/IM1', 'IMAGES/IM3', 'IMAGES/EXTRA']) {
      const bytes = await readFile(path.join(disc, name));
      all.push({
        key: `disc-${name.replace('/', '_')}`,
        path: `CD/${name.toLowerCase()}`,
        bytes: () => bytes,
        size: bytes.length,
      });
    }
    expect(await sendMissing(id, all)).toBe(true);
    await finish(id);
    expect(await report(id)).toEqual({
      'CD/dicomdir': 'opened directory-read',
      'CD/images/im1': 'stored',
      'CD/images/im3': 'stored',
      'CD/images/extra': 'stored',
      'CD/IMAGES/IM2': 'missing directory-missing',
    });
  }, 120_000);

  it.each(SAMPLE_DISCS)(
    'as there are in the world: %s',
    async (name) => {
      const root = path.join(SAMPLES, name);
      const names = (await readdir(root, { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
      const id = await begin(names.length);
      const all: Item[] = [];
      for (const [at, name] of names.entries()) {
        const bytes = await readFile(path.join(root, name));
        all.push({ key: `sample-file-${at}`, path: name, bytes: () => bytes, size: bytes.length });
      }
      expect(await sendMissing(id, all)).toBe(true);
      const { counts } = await finish(id);
      const directories = names.filter((name) => name.startsWith('DICOMDIR'));
      const shown = await report(id);
      const images = names.filter((name) => !name.startsWith('DICOMDIR'));
      expect(
        images.filter((name) => !['stored', 'duplicate'].includes(shown[name]?.split(' ')[0] ?? '')),
      ).toEqual([]);
      expect(counts.outcomes['missing'] ?? 0).toBe(0);
      expect(directories.map((name) => shown[name])).toEqual(
        directories.map(() => expect.stringMatching(/^(?:opened|unreadable)/)),
      );
    },
    120_000,
  );
});

describe('a large file', () => {
  it('goes on at the piece where it broke off, also after the server was killed', async () => {
    const id = await begin(1);
    const big = sampleObject({
      study: '1.2.903',
      series: '1.2.903.1',
      frames: 40,
      size: 1024,
      patientId: 'P903',
    });
    expect(big.length).toBeGreaterThan(80_000_000);
    const PIECE = 8 * 1024 * 1024;
    const item = { key: 'a-large-file', path: 'cbct.dcm', bytes: () => big, size: big.length };
    const fileId = (await declare(id, [item])).get(item.key)?.fileId ?? '';
    for (const at of [0, 1, 2]) await put(id, fileId, big.subarray(at * PIECE, (at + 1) * PIECE), at * PIECE);
    await server.kill();
    server = await startArchwire({ dataDir: path.join(folder, 'data') });
    const again = (await declare(id, [item])).get(item.key);
    expect([again?.state, again?.['received']]).toEqual(['arriving', 3 * PIECE]);
    await expect(put(id, fileId, big.subarray(0, PIECE), 0)).rejects.toThrow('"received":25165824');
    let last: string | undefined;
    for (let at = 3 * PIECE; at < big.length; at += PIECE)
      last = (await put(id, fileId, big.subarray(at, at + PIECE), at)).state;
    expect(last).toBe('queued');
    const { counts } = await finish(id);
    expect(counts.outcomes).toEqual({ stored: 1 });
    const answer = await server.fetch('/dicomweb/studies/1.2.903/series/1.2.903.1/instances/1.2.903.1.1', {
      headers: { accept: 'application/dicom; transfer-syntax=*' },
    });
    expect(Buffer.from(await answer.arrayBuffer()).equals(big)).toBe(true);
  }, 300_000);
});

describe('an import of 2,000 files', () => {
  it('goes on after the connection was cut in the middle: what arrived is kept, the rest is sent', async () => {
    const all = items('1.2.901', 2000);
    const id = await begin(all.length);
    const wire = await startWire();
    const first = sendMissing(id, all, wire.url, await token());
    await waitFor('some hundred files', async () => ((await view(id)).counts.outcomes['stored'] ?? 0) > 700, {
      seconds: 300,
    });
    wire.cut();
    expect(await first).toBe(false);
    const between = await view(id);
    expect(between.state).toBe('open');
    expect(between.counts.outcomes['stored']).toBeLessThan(2000);
    expect(await sendMissing(id, all)).toBe(true);
    const { counts } = await finish(id);
    expect([counts.files, counts.waiting, counts.studies]).toEqual([2000, 0, 1]);
    // A file whose answer was lost with the connection came twice: the same bytes, stored once.
    expect((counts.outcomes['stored'] ?? 0) + (counts.outcomes['duplicate'] ?? 0)).toBe(2000);
    expect(counts.outcomes['duplicate'] ?? 0).toBeLessThanOrEqual(6);
  }, 600_000);

  it('goes on after the server was killed in the middle', async () => {
    const all = items('1.2.902', 2000);
    const id = await begin(all.length);
    const first = sendMissing(id, all, server.url, await token());
    await waitFor('some hundred files', async () => ((await view(id)).counts.outcomes['stored'] ?? 0) > 700, {
      seconds: 300,
    });
    await server.kill();
    expect(await first).toBe(false);
    server = await startArchwire({ dataDir: path.join(folder, 'data') });
    const between = await view(id);
    expect([between.state, between.counts.files]).toEqual(['open', 2000]);
    expect(between.counts.outcomes['stored']).toBeGreaterThan(700);
    expect(await sendMissing(id, all)).toBe(true);
    const { counts } = await finish(id);
    expect((counts.outcomes['stored'] ?? 0) + (counts.outcomes['duplicate'] ?? 0)).toBe(2000);
    expect(counts.waiting).toBe(0);
  }, 600_000);
});
