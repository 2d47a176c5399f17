// Real: files on the disk of this machine, a tmpfs for the full disk. Replaced: single calls of the file system that must fail.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';

import type { IngestSource, InstanceLocation } from '@archwire/contracts';
import { afterAll, describe, expect, it } from 'vitest';

import { createJournal, type Journal, type JournalLog, type JournalOptions } from './journal.ts';
import { type JournalIo, nodeJournalIo } from './journal-io.ts';

const home = mkdtempSync(join(tmpdir(), 'archwire-journal-'));
let count = 0;
const folder = (): string => join(home, String(count++));
const silent: JournalLog = { info: () => undefined, warn: () => undefined, error: () => undefined };
const SIZE = 1 << 20;

const openJournal = (options: Partial<JournalOptions> & { folder: string }): Promise<Journal> =>
  createJournal({
    log: silent,
    segmentSize: SIZE,
    spares: 1,
    headroom: 0,
    graceMs: 0,
    commit: 'sync',
    ...options,
  });

const source: IngestSource = {
  tenantId: '11111111-1111-7111-8111-111111111111',
  locationId: '22222222-2222-7222-8222-222222222222',
  deviceId: null,
  via: 'dimse',
  callingAe: 'SENSOR',
  calledAe: 'ARCHWIRE',
  address: '127.0.0.1',
  issuer: 'HERE',
  receivedAt: '2026-01-02T03:04:05.000Z',
};

const bytesOf = (seed: number, length: number): Buffer =>
  Buffer.from(Uint8Array.from({ length }, (_, i) => (seed * 151 + i * 7 + (i >> 8)) & 0xff));
const uidOf = (seed: number): string => `1.2.${seed}`;

const append = (journal: Journal, seed: number, length = 10_000): Promise<InstanceLocation> => {
  const bytes = bytesOf(seed, length);
  return journal.append(
    { source, sopInstanceUid: uidOf(seed) },
    [bytes.subarray(0, 100), bytes.subarray(100)],
    length,
  );
};

const appendLarge = async (journal: Journal, seed: number, length: number): Promise<InstanceLocation> => {
  const large = journal.openLarge();
  const bytes = bytesOf(seed, length);
  for (let at = 0; at < length; at += 65_536) {
    if (!large.file.push(bytes.subarray(at, at + 65_536))) await large.file.drained();
  }
  return await journal.commitLarge(large, { source, sopInstanceUid: uidOf(seed) });
};

const readBack = (journal: Journal, { key, offset, length }: InstanceLocation): Promise<Buffer> =>
  journal.reader.read(key, { offset, length });

/** What a replay finds: UID and bytes, by UID. */
const replayed = async (journal: Journal): Promise<Map<string, Buffer>> => {
  const found = new Map<string, Buffer>();
  for await (const { meta, location } of journal.replay()) {
    expect(meta.source).toEqual(source);
    found.set(meta.sopInstanceUid, await readBack(journal, location));
  }
  return found;
};

const expected = (seeds: readonly number[], length = 10_000): Map<string, Buffer> =>
  new Map(seeds.map((seed) => [uidOf(seed), bytesOf(seed, length)]));

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

const segmentsOf = (path: string): string[] => readdirSync(join(path, 'segments')).toSorted();

/** A copy as a crash would leave it: taken while the first process still has everything open. */
const crash = (path: string): string => {
  const copy = folder();
  cpSync(path, copy, { recursive: true });
  return copy;
};

afterAll(() => rmSync(home, { recursive: true, force: true }));

describe.each(['sync', 'group'] as const)('journal with %s commit', (commit) => {
  it('finds every acknowledged record again after a crash, across segments', async () => {
    const path = folder();
    const journal = await openJournal({ folder: path, commit });
    const locations = await Promise.all(range(0, 300).map((seed) => append(journal, seed)));
    for (const seed of [0, 150, 299]) {
      const location = locations[seed];
      if (location !== undefined) expect(await readBack(journal, location)).toEqual(bytesOf(seed, 10_000));
    }
    const after = await openJournal({ folder: crash(path), commit });
    expect(await replayed(after)).toEqual(expected(range(0, 300)));
    expect(new Set(locations.map(({ key }) => key)).size).toBe(3);
    await journal.stop();
    await after.stop();
  });

  it('fails those who wait when a flush fails, keeps what was good, and goes on in a new segment', async () => {
    let broken = false;
    const refuse = (): never => {
      throw Object.assign(new Error('flush'), { code: 'EIO' });
    };
    const io: JournalIo = {
      ...nodeJournalIo,
      fdatasyncSync: (fd) => (broken ? refuse() : nodeJournalIo.fdatasyncSync(fd)),
      fdatasync: async (fd) => (broken ? refuse() : await nodeJournalIo.fdatasync(fd)),
    };
    const path = folder();
    const journal = await openJournal({ folder: path, commit, io });
    await append(journal, 1);
    broken = true;
    const failed = await Promise.allSettled([append(journal, 2), append(journal, 3)]);
    expect(failed.map((result) => (result.status === 'rejected' ? result.reason.kind : 'kept'))).toEqual([
      'integrity',
      'integrity',
    ]);
    broken = false;
    await append(journal, 4);
    const after = await openJournal({ folder: crash(path), commit });
    expect(await replayed(after)).toEqual(expected([1, 4]));
    await journal.stop();
    await after.stop();
  });

  it('writes on when the system takes only a part of a write', async () => {
    const part = (buffers: readonly Buffer[]): Buffer[] => {
      const [first] = buffers;
      return first === undefined ? [] : [first.subarray(0, Math.max(1, Math.min(first.length, 4000)))];
    };
    const io: JournalIo = {
      ...nodeJournalIo,
      writevSync: (fd, buffers, position) => nodeJournalIo.writevSync(fd, part(buffers), position),
      writev: (fd, buffers, position) => nodeJournalIo.writev(fd, part(buffers), position),
    };
    const path = folder();
    const journal = await openJournal({ folder: path, commit, io });
    await Promise.all(range(0, 5).map((seed) => append(journal, seed)));
    const after = await openJournal({ folder: crash(path), commit });
    expect(await replayed(after)).toEqual(expected(range(0, 5)));
    await journal.stop();
    await after.stop();
  });
});

describe('journal', () => {
  it('ignores a record that was torn, at every place of its last bytes', async () => {
    const path = folder();
    const journal = await openJournal({ folder: path });
    const locations = [await append(journal, 1), await append(journal, 2), await append(journal, 3)];
    const last = locations[2];
    if (last === undefined) throw new Error('no location');
    const headStart = (locations[1]?.offset ?? 0) + (locations[1]?.length ?? 0);
    for (const cut of [
      headStart + 1,
      headStart + 39,
      headStart + 41,
      last.offset,
      last.offset + 1,
      last.offset + last.length - 1,
    ]) {
      const copy = crash(path);
      const file = join(copy, last.key);
      const size = statSync(file).size;
      truncateSync(file, cut);
      truncateSync(file, size);
      const after = await openJournal({ folder: copy });
      expect(await replayed(after)).toEqual(expected([1, 2]));
      await after.stop();
    }
    await journal.stop();
  });

  it('ignores a flipped record at the end, and finds those behind a flipped body', async () => {
    const path = folder();
    const journal = await openJournal({ folder: path });
    const locations: InstanceLocation[] = [];
    for (const seed of [1, 2, 3]) locations.push(await append(journal, seed));
    for (const [flipped, left] of [
      [2, [1, 2]],
      [1, [1, 3]],
    ] as const) {
      const copy = crash(path);
      const location = locations[flipped];
      if (location === undefined) throw new Error('no location');
      const file = join(copy, location.key);
      const bytes = readFileSync(file);
      bytes[location.offset + 77] = (bytes[location.offset + 77] ?? 0) ^ 1;
      writeFileSync(file, bytes);
      const after = await openJournal({ folder: copy });
      expect(await replayed(after)).toEqual(expected(left));
      await after.stop();
    }
    await journal.stop();
  });

  it('never brings records of an earlier use of a recycled file back', async () => {
    const path = folder();
    const journal = await openJournal({ folder: path });
    const old = await Promise.all(range(0, 250).map((seed) => append(journal, seed)));
    journal.release(old);
    await expect.poll(() => journal.held().ranges).toBe(0);
    const fresh: InstanceLocation[] = [];
    for (const seed of range(1000, 1010)) fresh.push(await append(journal, seed));
    await journal.stop();
    const second = await openJournal({ folder: path });
    expect(await replayed(second)).toEqual(
      new Map([
        ...expected(range(1000, 1010)),
        ...[...(await oldOfLastSegment(old, fresh))].map((seed): [string, Buffer] => [
          uidOf(seed),
          bytesOf(seed, 10_000),
        ]),
      ]),
    );
    await second.endReplay(fresh);
    const first = old[0];
    if (first === undefined) throw new Error('no location');
    await append(second, 5000);
    await expect(readBack(second, first)).rejects.toMatchObject({ kind: 'not-found' });
    await second.stop();
  });

  it('keeps large files with their record, sweeps those that were never acknowledged', async () => {
    const path = folder();
    const journal = await openJournal({ folder: path });
    const location = await appendLarge(journal, 7, 5_000_000);
    expect(location).toEqual({ store: 'journal', key: location.key, offset: 0, length: 5_000_000 });
    expect(await buffer(await journal.reader.get(location.key, { offset: 4_999_990, length: 10 }))).toEqual(
      bytesOf(7, 5_000_000).subarray(-10),
    );
    const unfinished = journal.openLarge();
    unfinished.file.push(Buffer.alloc(3 << 20));
    await unfinished.file.written();
    const copy = crash(path);
    writeFileSync(
      join(copy, 'large', '00000000-0000-4000-8000-000000000000.dcm'),
      'renamed, and then the power went',
    );
    const after = await openJournal({ folder: copy });
    expect(await replayed(after)).toEqual(expected([7], 5_000_000));
    await after.endReplay([location]);
    expect(readdirSync(join(copy, 'large')).map((name) => `large/${name}`)).toEqual([location.key]);
    after.hold(location, location);
    await unfinished.file.abort();
    await journal.stop();
    await after.stop();
  });

  it('frees a segment only when nothing refers to it, and its large files with it', async () => {
    const path = folder();
    const journal = await openJournal({ folder: path, spares: 0 });
    const small = await Promise.all(range(0, 120).map((seed) => append(journal, seed)));
    const large = await appendLarge(journal, 7, 2_000_000);
    const keys = [...new Set(small.map(({ key }) => key))];
    expect(keys).toHaveLength(2);
    journal.release(small.filter(({ key }) => key === keys[0]).slice(1));
    expect(segmentsOf(path)).toContain(keys[0]?.slice('segments/'.length));
    journal.release(small);
    await expect.poll(() => segmentsOf(path)).not.toContain(keys[0]?.slice('segments/'.length));
    expect(journal.held().ranges).toBe(1);
    journal.release([large, large]);
    await expect.poll(() => readdirSync(join(path, 'large'))).toEqual([]);
    await expect.poll(() => journal.held().ranges).toBe(0);
    await journal.stop();
  });

  it('keeps a freed range readable for the grace period', async () => {
    const path = folder();
    const journal = await openJournal({ folder: path, graceMs: 60_000 });
    const locations = await Promise.all(range(0, 150).map((seed) => append(journal, seed)));
    journal.release(locations);
    const first = locations[0];
    if (first === undefined) throw new Error('no location');
    expect(await readBack(journal, first)).toEqual(bytesOf(0, 10_000));
    await journal.stop();
  });

  it('says storage-full on a full disk, keeps what it acknowledged, and goes on when there is room again', async () => {
    const mount = folder();
    execFileSync('mkdir', ['-p', mount]);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', mount]);
    try {
      const path = join(mount, 'journal');
      const journal = await openJournal({ folder: path, spares: 0 });
      const kept: InstanceLocation[] = [];
      let refusal: unknown;
      for (const seed of range(0, 200)) {
        try {
          kept.push(await append(journal, seed, 100_000));
        } catch (error) {
          refusal = error;
          break;
        }
      }
      expect(refusal).toMatchObject({ kind: 'storage-full' });
      await expect(appendLarge(journal, 500, 4_000_000)).rejects.toMatchObject({ kind: 'storage-full' });
      expect(readdirSync(join(path, 'large'))).toEqual([]);
      for (const [seed, location] of kept.entries())
        expect(await readBack(journal, location)).toEqual(bytesOf(seed, 100_000));
      const before = segmentsOf(path).length;
      journal.release(kept.slice(0, 20));
      await expect.poll(() => segmentsOf(path).length).toBe(before - 2);
      await append(journal, 900, 100_000);
      await journal.stop();
      const after = await openJournal({ folder: path, spares: 0 });
      const found = await replayed(after);
      for (const seed of range(20, kept.length))
        expect(found.get(uidOf(seed))).toEqual(bytesOf(seed, 100_000));
      expect(found.get(uidOf(900))).toEqual(bytesOf(900, 100_000));
      await after.stop();
    } finally {
      execFileSync('umount', ['-l', mount]);
    }
  });

  it('refuses before the disk is full', async () => {
    const journal = await openJournal({ folder: folder(), headroom: Number.MAX_SAFE_INTEGER });
    expect(() => journal.assertRoom()).toThrowError(expect.objectContaining({ kind: 'storage-full' }));
    await journal.stop();
  });

  it('pauses the sender of a large object and counts its bytes', async () => {
    const journal = await openJournal({ folder: folder(), memoryLimit: 1 << 20 });
    const { file } = journal.openLarge();
    const answers = range(0, 40).map(() => file.push(Buffer.alloc(65_536)));
    expect(answers.at(-1)).toBe(false);
    await file.drained();
    expect(journal.budget.used).toBeLessThan(1 << 20);
    await file.abort();
    expect(journal.budget.used).toBe(0);
    await journal.stop();
  });

  it('writes and flushes once for everything that came in one turn of the event loop', async () => {
    let flushes = 0;
    const io: JournalIo = {
      ...nodeJournalIo,
      fdatasyncSync: (fd) => {
        flushes += 1;
        nodeJournalIo.fdatasyncSync(fd);
      },
    };
    const path = folder();
    const journal = await openJournal({ folder: path, io });
    await Promise.all(range(0, 10).map((seed) => append(journal, seed)));
    expect(flushes).toBe(1);
    const after = await openJournal({ folder: crash(path) });
    expect(await replayed(after)).toEqual(expected(range(0, 10)));
    await journal.stop();
    await after.stop();
  });

  it('lets records share a flush once the disk has become slow', async () => {
    let shared = 0;
    let isSlow = false;
    const io: JournalIo = {
      ...nodeJournalIo,
      fdatasyncSync: (fd) => {
        nodeJournalIo.fdatasyncSync(fd);
        if (isSlow) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
      },
      fdatasync: async (fd) => {
        shared += 1;
        await nodeJournalIo.fdatasync(fd);
      },
    };
    const path = folder();
    const journal = await createJournal({
      folder: path,
      log: silent,
      segmentSize: SIZE,
      spares: 0,
      headroom: 0,
      io,
    });
    isSlow = true;
    // What comes in one turn of the event loop shares a flush anyway; a slow disk shows in the turns that follow.
    for (let wave = 0; wave < 4; wave += 1) {
      await Promise.all(range(wave * 10, wave * 10 + 10).map((seed) => append(journal, seed)));
    }
    expect(shared).toBeGreaterThan(0);
    const after = await openJournal({ folder: crash(path) });
    expect(await replayed(after)).toEqual(expected(range(0, 40)));
    await journal.stop();
    await after.stop();
  });

  it('refuses a folder that another journal uses, and takes one whose process is gone', async () => {
    const path = folder();
    const journal = await openJournal({ folder: path });
    await append(journal, 1);
    await expect(openJournal({ folder: path })).rejects.toMatchObject({ kind: 'conflict' });
    await append(journal, 2);
    await journal.stop();
    writeFileSync(
      join(path, 'lock.json'),
      JSON.stringify({ pid: 2 ** 22 + 1, started: '1', folder: statSync(path).ino }),
    );
    const after = await openJournal({ folder: path });
    expect(await replayed(after)).toEqual(expected([1, 2]));
    await after.stop();
  });

  it('refuses keys that are not its own', async () => {
    const journal = await openJournal({ folder: folder() });
    for (const key of ['../x', 'segments/../large/x', 'large/x.part', '/etc/passwd', 'spare/x.seg']) {
      await expect(journal.reader.read(key)).rejects.toMatchObject({ kind: 'invalid' });
      await expect(journal.reader.get(key)).rejects.toMatchObject({ kind: 'invalid' });
      await expect(journal.reader.head(key)).rejects.toMatchObject({ kind: 'invalid' });
    }
    await journal.stop();
  });
});

/** Seeds of the first use that share a segment with the second: they were released, but their segment is still in use. */
const oldOfLastSegment = (
  old: readonly InstanceLocation[],
  fresh: readonly InstanceLocation[],
): Promise<number[]> => {
  const keys = new Set(fresh.map(({ key }) => key));
  return Promise.resolve(old.flatMap(({ key }, seed) => (keys.has(key) ? [seed] : [])));
};
