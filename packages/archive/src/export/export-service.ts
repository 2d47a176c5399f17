import { AppError, type EnqueueJob, type Principal, requirePermission } from '@archwire/contracts';
import type { Export, NewExport } from '@archwire/contracts/api/exports';
import { appendAudit, type WithTenant } from '@archwire/database';
import type { ObjectStore } from '@archwire/storage-adapters';
import type { Transaction } from '../query/transaction.ts';
import { type ExportRow, presentExport, SELECT_EXPORT } from './export-row.ts';

/** A finished export, for whoever may fetch it. */
export interface ExportFile {
  readonly id: string;
  readonly key: string;
  readonly length: number;
  readonly name: string;
}

export interface ExportService {
  /** @param keptHours how long its file waits; a week when not said. @throws AppError `forbidden`, `not-found`, `rate-limited`, `storage-full`. */
  create(principal: Principal, input: NewExport, keptHours?: number): Promise<Export>;
  list(
    principal: Principal,
    after: string | undefined,
  ): Promise<{ readonly exports: readonly Export[]; readonly next: string | null }>;
  get(principal: Principal, id: string): Promise<Export>;
  /** Stops it, or throws its file away. Safe to repeat. */
  remove(principal: Principal, id: string): Promise<void>;
  /** The file, and an entry in the audit trail. @throws AppError `not-found` unless it is done and has not expired. */
  file(principal: Principal, id: string): Promise<ExportFile>;
}

const PERMISSION = 'imaging.export.write';
const WEEK_HOURS = 7 * 24;
const PAGE = 50;
/** Exports of one person that are under way at once. */
const MAX_ACTIVE = 5;
/** Finished files of a group that wait to be fetched. */
const MAX_WAITING_BYTES = 200 * 1024 ** 3;

const noExport = (): AppError =>
  new AppError('not-found', 'There is no such export, or it has expired. Begin a new one.');

const owner = (
  principal: Principal,
): { readonly sql: string; readonly values: readonly (string | null)[] } =>
  principal.permissions.has('imaging.export.manage')
    ? { sql: 'true', values: [] }
    : { sql: 'x.created_by = ?', values: [principal.id] };

const find = async (trx: Transaction, principal: Principal, id: string): Promise<ExportRow> => {
  const mine = owner(principal);
  const { rows }: { rows: ExportRow[] } = await trx.raw(`${SELECT_EXPORT} where x.id = ? and ${mine.sql}`, [
    id,
    ...mine.values,
  ]);
  const [row] = rows;
  if (row === undefined) throw noExport();
  return row;
};

const audit = async (
  trx: Transaction,
  principal: Principal,
  action: string,
  row: Pick<ExportRow, 'id' | 'study_id' | 'patient_id' | 'format' | 'identity'>,
): Promise<void> => {
  const { rows }: { rows: { study_uid: string }[] } = await trx.raw(
    'select study_uid from study where id = ?',
    [row.study_id],
  );
  const studyUid = rows[0]?.study_uid;
  await appendAudit(trx, {
    actorKind: principal.kind,
    actorId: principal.id,
    action,
    outcome: 'success',
    entity: 'export',
    entityId: row.id,
    ...(row.patient_id === null ? {} : { patientId: row.patient_id }),
    ...(studyUid === undefined ? {} : { studyUid }),
    after: { format: row.format, identity: row.identity },
    address: principal.address,
    userAgent: principal.userAgent?.slice(0, 300) ?? null,
    requestId: principal.requestId,
  });
};

const assertRoom = async (trx: Transaction, principal: Principal): Promise<void> => {
  const { rows }: { rows: { active: number; bytes: number }[] } = await trx.raw(
    `select count(*) filter (where state in ('queued', 'running') and created_by is not distinct from ?)::int as active,
            coalesce(sum(bytes) filter (where state = 'done'), 0)::bigint as bytes from export_job`,
    [principal.id],
  );
  const [now] = rows;
  if ((now?.active ?? 0) >= MAX_ACTIVE)
    throw new AppError('rate-limited', 'Five exports of yours are under way. Wait for one, or stop one.', {
      details: { reason: 'exports-active' },
    });
  if ((now?.bytes ?? 0) >= MAX_WAITING_BYTES)
    throw new AppError(
      'storage-full',
      'Too many finished exports wait to be fetched. Remove some in the list of exports.',
    );
};

const assertExists = async (trx: Transaction, { studyId, patientId }: NewExport): Promise<void> => {
  const { rows }: { rows: unknown[] } = await trx.raw(
    studyId === undefined
      ? 'select 1 from patient where id = ?'
      : `select 1 from study where id = ? and match_state <> 'rejected'`,
    [studyId ?? patientId ?? null],
  );
  if (rows.length === 0) throw new AppError('not-found', 'There is no such study or patient in your group.');
};

export const createExportService = (deps: {
  readonly withTenant: WithTenant;
  readonly store: Pick<ObjectStore, 'delete'>;
  readonly enqueue: EnqueueJob;
}): ExportService => {
  const { withTenant, store, enqueue } = deps;
  const inTenant = async <T>(principal: Principal, work: (trx: Transaction) => Promise<T>): Promise<T> => {
    requirePermission(principal, PERMISSION);
    requirePermission(principal, 'imaging.study.read');
    return await withTenant(principal.tenantId, work);
  };

  return {
    create: async (principal, input, keptHours = WEEK_HOURS) => {
      const row = await inTenant(principal, async (trx) => {
        await assertExists(trx, input);
        await assertRoom(trx, principal);
        const { rows }: { rows: { id: string }[] } = await trx.raw(
          `insert into export_job (tenant_id, study_id, patient_id, format, identity, options, created_kind, created_by, expires_at)
           values (app_tenant(), ?, ?, ?, ?, ?::jsonb, ?, ?, now() + make_interval(hours => ?)) returning id`,
          [
            input.studyId ?? null,
            input.patientId ?? null,
            input.format,
            input.identity,
            JSON.stringify(input.options),
            principal.kind,
            principal.id,
            keptHours,
          ],
        );
        const found: { rows: ExportRow[] } = await trx.raw(`${SELECT_EXPORT} where x.id = ?`, [
          rows[0]?.id ?? '',
        ]);
        const [made] = found.rows;
        if (made === undefined) throw new AppError('internal', 'The export vanished while it was made.');
        await audit(trx, principal, 'imaging.export.created', made);
        return made;
      });
      await enqueue(
        'build-export',
        { tenantId: principal.tenantId, exportId: row.id },
        { jobId: `build-export-${row.id}` },
      );
      return presentExport(row);
    },

    list: (principal, after) =>
      inTenant(principal, async (trx) => {
        const mine = owner(principal);
        const { rows }: { rows: ExportRow[] } = await trx.raw(
          `${SELECT_EXPORT} where ${mine.sql} ${after === undefined ? '' : 'and x.id < ?'} order by x.id desc limit ${PAGE + 1}`,
          [...mine.values, ...(after === undefined ? [] : [after])],
        );
        const shown = rows.slice(0, PAGE);
        return {
          exports: shown.map(presentExport),
          next: rows.length > PAGE ? (shown.at(-1)?.id ?? null) : null,
        };
      }),

    get: (principal, id) => inTenant(principal, async (trx) => presentExport(await find(trx, principal, id))),

    remove: async (principal, id) => {
      const key = await inTenant(principal, async (trx) => {
        const row = await find(trx, principal, id);
        const { rows }: { rows: unknown[] } = await trx.raw(
          `update export_job set state = case when state in ('queued', 'running') then 'cancelled' else 'expired' end,
                  object_key = null, updated_at = now()
            where id = ? and state not in ('cancelled', 'expired') returning id`,
          [id],
        );
        if (rows.length > 0) await audit(trx, principal, 'imaging.export.removed', row);
        return row.object_key;
      });
      if (key !== null) await store.delete(key);
    },

    file: (principal, id) =>
      inTenant(principal, async (trx) => {
        const row = await find(trx, principal, id);
        if (row.state !== 'done' || row.object_key === null || Date.parse(row.expires) <= Date.now())
          throw noExport();
        await audit(trx, principal, 'imaging.export.downloaded', row);
        return { id, key: row.object_key, length: row.bytes, name: fileName(row) };
      }),
  };
};

/** Nothing of anybody: names of files end up in histories and logs. */
const fileName = ({ format, created }: ExportRow): string =>
  `archwire-${format === 'jpeg' ? 'pictures' : 'dicom'}-${created.slice(0, 10)}.zip`;
