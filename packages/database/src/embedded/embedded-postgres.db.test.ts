// Real: PostgreSQL 18 (embedded), its processes, signals and files.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openDatabase } from '../open-database.ts';
import { assertReachable } from './assert-reachable.ts';
import { isPostmaster, readPostmaster } from './postmaster-pid.ts';
import { stopPostmaster } from './postmaster.ts';

const folders: string[] = [];
const makeFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'archwire-embedded-'));
  await chmod(folder, 0o711);
  folders.push(folder);
  return folder;
};
afterEach(async () => {
  for (const folder of folders.splice(0)) {
    const cluster = join(folder, 'postgres', 'cluster');
    const left = await readPostmaster(cluster);
    if (left !== null) await stopPostmaster(left.pid, cluster);
    await rm(folder, { recursive: true, force: true });
  }
});

const settle = async (condition: () => Promise<boolean>): Promise<void> => {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
};

test('a first start makes a private, durable cluster with the locale that searching needs; closing stops it', async () => {
  const dataDir = await makeFolder();
  await chmod(dataDir, 0o700);
  const db = await openDatabase({ dataDir });
  const { rows } = await db.knex.raw<{ rows: unknown[] }>(`
    select current_user as role, current_setting('server_version_num')::int / 10000 as version,
           datlocprovider as provider, datlocale as locale, datcollate as collate, lower('ÄÉ') as lower,
           current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
           (select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb from pg_roles where rolname = current_user) as powerful,
           (select pg_get_userbyid(datdba) from pg_database where datname = current_database()) as owner
      from pg_database where datname = current_database()`);
  expect(rows).toEqual([
    {
      role: 'archwire_app',
      version: 18,
      provider: 'b',
      locale: 'C.UTF-8',
      collate: 'C',
      lower: 'äé',
      fsync: 'on',
      commit: 'on',
      powerful: false,
      owner: 'archwire_owner',
    },
  ]);
  const { mode } = await stat(join(dataDir, 'postgres', 'credentials.json'));
  expect(mode & 0o777).toBe(0o600);
  const cluster = join(dataDir, 'postgres', 'cluster');
  const running = await readPostmaster(cluster);
  await db.close();
  expect(await isPostmaster(running?.pid ?? 0, cluster)).toBe(false);

  const again = await openDatabase({ dataDir });
  await again.ping();
  await again.close();
});

test('after a kill -9 of its Archwire the orphan is adopted, and a second living Archwire is refused', async () => {
  const dataDir = await makeFolder();
  const cluster = join(dataDir, 'postgres', 'cluster');
  const child = fork(new URL('./open-and-wait.ts', import.meta.url), [dataDir], {
    detached: true,
  });
  await once(child, 'message');
  const orphan = await readPostmaster(cluster);
  expect(await isPostmaster(orphan?.pid ?? 0, cluster)).toBe(true);

  await expect(openDatabase({ dataDir })).rejects.toMatchObject({ kind: 'unavailable' });
  expect(await isPostmaster(orphan?.pid ?? 0, cluster)).toBe(true);

  // The whole process group, as Ctrl+C in a terminal does: PostgreSQL is not in it.
  process.kill(-(child.pid ?? 0), 'SIGKILL');
  await once(child, 'exit');
  const db = await openDatabase({ dataDir });
  await db.ping();
  expect((await readPostmaster(cluster))?.pid).toBe(orphan?.pid);
  await db.close();
  expect(await isPostmaster(orphan?.pid ?? 0, cluster)).toBe(false);
});

test('a pid file that names a stranger does not stop the start, nor the stranger', async () => {
  const dataDir = await makeFolder();
  const cluster = join(dataDir, 'postgres', 'cluster');
  await (await openDatabase({ dataDir })).close();
  await writeFile(
    join(cluster, 'postmaster.pid'),
    `${process.pid}\n${cluster}\n0\n5432\n\n127.0.0.1\n0\nready   \n`,
  );
  const db = await openDatabase({ dataDir });
  await db.ping();
  await db.close();
});

test('PostgreSQL killed under load: queries fail as unavailable, the server comes back, nothing acknowledged is lost', async () => {
  const dataDir = await makeFolder();
  const cluster = join(dataDir, 'postgres', 'cluster');
  const db = await openDatabase({ dataDir });
  const acknowledged: string[] = [];
  const kinds = new Set<unknown>();
  const stopping = new AbortController();
  const load = Array.from({ length: 4 }, async () => {
    while (!stopping.signal.aborted) {
      const id = crypto.randomUUID();
      try {
        await db.withTenant(id, async (trx) => await trx('tenant').insert({ id, name: 'Load' }));
        acknowledged.push(id);
      } catch (error) {
        kinds.add(error instanceof Error && 'kind' in error ? error.kind : error);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }
  });
  for (const signal of ['SIGINT', 'SIGKILL'] as const) {
    const before = acknowledged.length;
    await settle(async () => acknowledged.length > before + 20);
    const running = await readPostmaster(cluster);
    process.kill(running?.pid ?? 0, signal);
    await settle(async () => !(await isPostmaster(running?.pid ?? 0, cluster)));
    const atKill = acknowledged.length;
    await settle(async () => acknowledged.length > atKill + 20);
  }
  stopping.abort();
  await Promise.all(load);
  expect([...kinds]).toEqual(['unavailable']);
  for (const id of acknowledged) {
    expect(await db.withTenant(id, async (trx) => await trx('tenant').pluck('id'))).toEqual([id]);
  }
  await db.close();
});

test('a folder that the PostgreSQL user cannot enter is named, with the command that opens it', async () => {
  const outer = await makeFolder();
  const inner = join(outer, 'closed', 'data');
  await mkdir(inner, { recursive: true });
  await chmod(join(outer, 'closed'), 0o700);
  const { uid, gid } = await stat(outer);
  await expect(assertReachable(inner, { uid: uid + 1, gid: gid + 1 })).rejects.toMatchObject({
    kind: 'unavailable',
    message: expect.stringContaining(`chmod o+x ${join(outer, 'closed')}`) as unknown,
  });
  await expect(assertReachable(inner, { uid, gid })).resolves.toBeUndefined();
});

test('the log of PostgreSQL holds no value of a failed statement', async () => {
  const dataDir = await makeFolder();
  const db = await openDatabase({ dataDir });
  await db.knex.raw('select ?::int', ['Doe^Jane']).catch(() => {});
  await db.knex.raw("select 'Doe^Jane'::int").catch(() => {});
  await db.close();
  expect(await readFile(join(dataDir, 'postgres', 'postgres.log'), 'utf8')).not.toContain('Doe');
});
