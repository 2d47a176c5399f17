import type { Knex } from 'knex';
import { appendAudit, type WithTenant } from '@archwire/database';
import type { Ingest } from '../ingest/ingest.ts';
import { importMessage } from '../import/import-reason.ts';
import type { FileResult } from '../import/store-object.ts';
import type { JournalLog } from '../journal/journal.ts';
import { listWatchedFiles, type WatchedFile } from './list-watched-files.ts';
import { takeWatchedFile, type WatchedFolder } from './take-watched-file.ts';
import { DONE, moveAway, openWatchedFolder, REFUSED } from './watched-path.ts';

export interface WatcherOptions {
  readonly everyMs?: number;
  /** A file whose size and time have not changed for so long is whole. */
  readonly stableMs?: number;
}

interface Deps {
  readonly knex: Knex;
  readonly withTenant: WithTenant;
  readonly ingest: Ingest;
  /** The one folder below which devices may have theirs. */
  readonly root: string;
  readonly log: Pick<JournalLog, 'warn'>;
}

interface Seen {
  readonly size: number;
  readonly modifiedMs: number;
  readonly sinceMs: number;
}

const GOOD: ReadonlySet<FileResult['outcome']> = new Set(['stored', 'duplicate', 'conflict', 'skipped']);

/**
 * Looks now and then into the folders that devices write into, and brings in what has become whole. Nothing is kept in
 * mind that a restart would need: a file that was stored and not yet moved is a duplicate the next time, and moved then.
 */
export const createWatcher = (
  { knex, withTenant, ingest, root, log }: Deps,
  { everyMs = 5000, stableMs = 5000 }: WatcherOptions = {},
) => {
  const seen = new Map<string, Seen>();
  let isStopping = false;

  const isWhole = (key: string, { size, modifiedMs }: WatchedFile, nowMs: number): boolean => {
    const before = seen.get(key);
    if (before?.size === size && before.modifiedMs === modifiedMs) return nowMs - before.sinceMs >= stableMs;
    seen.set(key, { size, modifiedMs, sinceMs: nowMs });
    return stableMs === 0;
  };

  const record = async (watched: WatchedFolder, file: WatchedFile, result: FileResult): Promise<void> =>
    await withTenant(watched.tenant_id, async (trx) => {
      const { rows }: { rows: { study_uid: string | null }[] } = await trx.raw(
        `with found as materialized (
           select s.id, s.study_uid, s.match_state from instance i join series e on e.id = i.series_id
             join study s on s.id = e.study_id where i.sop_uid = :uid)
         insert into watched_file (tenant_id, device_id, path, size, outcome, reason, study_id)
           select app_tenant(), cast(:deviceId as uuid), :path, cast(:size as bigint),
                  case when :outcome = 'stored' and (select match_state from found) in ('quarantined', 'suggested', 'rejected')
                       then 'quarantined' else :outcome end, :reason, (select id from found)
         returning (select study_uid from found) as study_uid`,
        {
          uid: result.sopInstanceUid,
          deviceId: watched.device_id,
          path: file.path.slice(-1000),
          size: file.size,
          outcome: result.outcome,
          reason: result.reason,
        },
      );
      await trx('device')
        .where({ id: watched.device_id })
        .update({ watch_seen_at: trx.fn.now(), watch_problem: null });
      const studyUid = rows[0]?.study_uid ?? null;
      if (result.outcome !== 'stored' || studyUid === null) return;
      await appendAudit(trx, {
        actorKind: 'device',
        actorId: watched.device_id,
        action: 'imaging.study.stored',
        outcome: 'success',
        entity: 'device',
        entityId: watched.device_id,
        studyUid,
      });
    });

  const tell = async (watched: WatchedFolder, problem: string | null): Promise<void> =>
    await withTenant(watched.tenant_id, async (trx) => {
      await trx('device')
        .where({ id: watched.device_id })
        .whereRaw('watch_problem is distinct from ?', [problem])
        .update({ watch_problem: problem });
    });

  const scanFolder = async (watched: WatchedFolder, nowMs: number): Promise<void> => {
    const folder = await openWatchedFolder(root, watched.folder);
    await tell(watched, folder === undefined ? 'no-folder' : null);
    if (folder === undefined) return;
    const files = await listWatchedFiles(folder);
    const keys = new Set(files.map(({ path }) => `${watched.device_id}/${path}`));
    for (const key of seen.keys())
      if (key.startsWith(`${watched.device_id}/`) && !keys.has(key)) seen.delete(key);
    for (const file of files) {
      if (isStopping) return;
      const key = `${watched.device_id}/${file.path}`;
      if (!file.isStrange && !isWhole(key, file, nowMs)) continue;
      const result = await takeWatchedFile({ withTenant, ingest }, folder, watched, file);
      await record(watched, file, result);
      const isGood = GOOD.has(result.outcome);
      await moveAway(
        folder,
        file.path,
        isGood ? DONE : REFUSED,
        isGood ? null : importMessage(result.reason),
      );
      seen.delete(key);
    }
  };

  const scan = async (nowMs = Date.now()): Promise<void> => {
    const { rows }: { rows: WatchedFolder[] } = await knex.raw('select * from list_watched_folders()');
    for (const watched of rows) {
      if (isStopping) return;
      try {
        await scanFolder(watched, nowMs);
      } catch (error) {
        // The storage is full or the database is away: the files lie where they are until the next look.
        log.warn(
          { deviceId: watched.device_id, kind: error instanceof Error ? error.name : 'unknown' },
          'watched folder: not taken yet',
        );
      }
    }
  };

  return {
    scan,
    start: (): { stop(): Promise<void> } => {
      let running: Promise<void> = Promise.resolve();
      let timer: NodeJS.Timeout | undefined;
      const run = (): void => {
        running = scan()
          .catch((error: unknown) =>
            log.warn(
              { kind: error instanceof Error ? error.name : 'unknown' },
              'watched folders: not looked at yet',
            ),
          )
          .finally(() => {
            if (!isStopping) timer = setTimeout(run, everyMs);
          });
      };
      run();
      return {
        stop: async () => {
          isStopping = true;
          clearTimeout(timer);
          await running;
        },
      };
    },
  };
};
