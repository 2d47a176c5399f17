// Real: a child process that receives into a journal on this disk and is killed with SIGKILL.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { afterAll, expect, it } from 'vitest';

import { createJournal } from '../journal/journal.ts';
import { testObject } from './test-object.ts';

const home = mkdtempSync(join(tmpdir(), 'archwire-kill-'));
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Lets the child receive until it has printed `enough` successes, kills it, and returns all it printed. */
const receiveAndKill = async (
  folder: string,
  commit: string,
  run: number,
  enough: number,
): Promise<string[]> => {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('./kill-child.ts', import.meta.url)), folder, commit, String(run)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let lines = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    lines += chunk.toString().split('\n').length - 1;
    if (lines >= enough) child.kill('SIGKILL');
  });
  const [printed] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return printed.split('\n').slice(0, -1);
};

it.each(['sync', 'group'])(
  'has every image that got Success after SIGKILL, byte for byte, with %s commit',
  async (commit) => {
    const folder = join(home, commit);
    const acknowledged = new Map<string, number>();
    for (let run = 0; run < 5; run += 1) {
      for (const line of await receiveAndKill(folder, commit, run, 20 + run * 35)) {
        const [uid = '', pixels = ''] = line.split(' ');
        acknowledged.set(uid, Number(pixels));
      }
    }
    const journal = await createJournal({ folder, log, segmentSize: 2 << 20, spares: 1, headroom: 0 });
    const found = new Set<string>();
    const wrong: string[] = [];
    for await (const { meta, location } of journal.replay()) {
      const pixels = acknowledged.get(meta.sopInstanceUid);
      if (pixels === undefined) continue;
      const { part10 } = testObject({ uid: meta.sopInstanceUid, pixels });
      const bytes = await journal.reader.read(location.key, {
        offset: location.offset,
        length: location.length,
      });
      if (bytes.equals(part10)) found.add(meta.sopInstanceUid);
      else wrong.push(meta.sopInstanceUid);
    }
    expect(acknowledged.size).toBeGreaterThan(400);
    expect(wrong).toEqual([]);
    expect([...acknowledged.keys()].filter((uid) => !found.has(uid))).toEqual([]);
    expect(readdirSync(join(folder, 'large')).filter((name) => name.endsWith('.part'))).toEqual([]);
    await journal.stop();
  },
);
