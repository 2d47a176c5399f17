import { AppError, type Principal, requirePermission } from '@archwire/contracts';
import type { EndpointRequest, EndpointResponse } from '@archwire/contracts/api';
import type { importsApi } from '@archwire/contracts/api/imports';
import { appendAudit } from '@archwire/database';
import type { Transaction } from '../query/transaction.ts';
import { completeImport } from './complete-import.ts';
import { entryPath, foldPath } from './entry-path.ts';
import { createGate } from './gate.ts';
import { type FileProgress, findFile, type ImportFileRow, progressOf } from './import-file-row.ts';
import { enqueueOpening, type ImportParts } from './import-parts.ts';
import { readRecordStudy } from '../record/read-record-study.ts';
import {
  type ImportView,
  listImportFiles,
  listImports,
  listImportStudies,
  readImport,
} from './read-import.ts';
import { createReceiveFile, type SentBytes } from './receive-file.ts';

type NewImport = EndpointRequest<typeof importsApi.create>['body'];
type Declaration = EndpointRequest<typeof importsApi.declare>['body'];

/** Imports of discs, folders and archives. Every method needs `imaging.study.store`; what is not of the tenant is not found. */
export interface ImportService {
  /** @throws AppError `invalid` when there is no such location. */
  create(principal: Principal, input: NewImport): Promise<ImportView>;
  list(principal: Principal, after: string | undefined): Promise<EndpointResponse<typeof importsApi.list>>;
  get(principal: Principal, importId: string): Promise<ImportView>;
  files(
    principal: Principal,
    importId: string,
    query: Parameters<typeof listImportFiles>[2],
  ): Promise<EndpointResponse<typeof importsApi.files>>;
  studies(
    principal: Principal,
    importId: string,
    after: string | undefined,
  ): Promise<EndpointResponse<typeof importsApi.studies>>;
  /** @throws AppError `conflict` (`import-ended`), `invalid` (`unsafe-path`). */
  declare(
    principal: Principal,
    importId: string,
    input: Declaration,
  ): Promise<EndpointResponse<typeof importsApi.declare>>;
  receive(principal: Principal, sent: SentBytes): Promise<FileProgress>;
  /** @throws AppError `conflict` when trying again cannot help. */
  retry(principal: Principal, importId: string, fileId: string): Promise<FileProgress>;
  finish(principal: Principal, importId: string): Promise<ImportView>;
  cancel(principal: Principal, importId: string): Promise<ImportView>;
}

/** Bodies that are read at once; those behind wait in their sockets. */
const BODIES = 16;

const ended = (): AppError =>
  new AppError('conflict', 'This import has ended. Begin a new one.', {
    details: { reason: 'import-ended' },
  });

const findLocation = async (
  trx: Transaction,
  principal: Principal,
  wanted: string | null,
): Promise<{ readonly id: string; readonly issuer: string }> => {
  const id = principal.locationId ?? wanted;
  if (principal.locationId !== null && wanted !== null && wanted !== principal.locationId)
    throw new AppError('forbidden', 'This API key stores for its own location only. Leave the location out.');
  const { rows }: { rows: { id: string; issuer: string }[] } = await trx.raw(
    id === null
      ? 'select id, issuer from location where is_default'
      : 'select id, issuer from location where id = ?',
    id === null ? [] : [id],
  );
  const [location] = rows;
  if (location === undefined) {
    throw new AppError('invalid', 'There is no such location in your group. Choose one of the list.', {
      details: { locationId: id },
    });
  }
  return location;
};

const audit = async (
  trx: Transaction,
  principal: Principal,
  action: 'imaging.import.created' | 'imaging.import.sent' | 'imaging.import.cancelled',
  importId: string,
  patientId?: string,
): Promise<void> => {
  await appendAudit(trx, {
    ...(patientId === undefined ? {} : { patientId }),
    actorKind: principal.kind,
    actorId: principal.id,
    action,
    outcome: 'success',
    entity: 'import',
    entityId: importId,
    address: principal.address,
    userAgent: principal.userAgent?.slice(0, 300) ?? null,
    requestId: principal.requestId,
  });
};

/** Says at once what would be said of every file. */
const assertRecord = async (
  trx: Transaction,
  record: NonNullable<NewImport['record']>,
  locationId: string,
  tenantId: string,
): Promise<void> => {
  const patient = await trx('patient').where({ id: record.patientId }).first('id');
  if (patient === undefined)
    throw new AppError('not-found', 'There is no such patient in your group. Search again.');
  await readRecordStudy(trx, {
    tenant_id: tenantId,
    patient_id: record.patientId,
    record_study_id: record.studyId ?? null,
    study_date: record.studyDate,
    study_description: record.description ?? null,
    location_id: locationId,
  });
};

/** Naming a file again gives it back as it is; what a shorter or longer file of the same key would be, the key excludes. */
const DECLARE = `
  insert into import_file (tenant_id, import_id, key, path, path_folded, size, shows)
  select app_tenant(), ?, f.key, f.path, f.folded, f.size, f.shows
    from jsonb_to_recordset(?::jsonb) as f(key text, path text, folded text, size bigint, shows jsonb, n int) order by f.n
  on conflict (tenant_id, import_id, key) do nothing`;

export const createImportService = (parts: ImportParts): ImportService => {
  const { withTenant, spool, enqueue } = parts;
  const receive = createReceiveFile(parts);
  const gate = createGate(BODIES);

  const inTenant = async <T>(principal: Principal, work: (trx: Transaction) => Promise<T>): Promise<T> => {
    requirePermission(principal, 'imaging.study.store');
    return await withTenant(principal.tenantId, work);
  };

  const changeState = async (
    principal: Principal,
    importId: string,
    state: 'finishing' | 'cancelled',
    from: readonly string[],
    action: Parameters<typeof audit>[2],
  ): Promise<ImportView> =>
    await inTenant(principal, async (trx) => {
      const changed = await trx('import_session')
        .where({ id: importId })
        .whereIn('state', [...from])
        .update({
          state,
          active_at: trx.fn.now(),
          ...(state === 'cancelled' ? { finished_at: trx.fn.now() } : {}),
        });
      const view = await readImport(trx, importId);
      // Pressing twice is no error; ending what ended otherwise is.
      if (changed === 0 && view.state !== state && !(state === 'finishing' && view.state === 'done'))
        throw ended();
      if (changed > 0) await audit(trx, principal, action, importId);
      return view;
    });

  return {
    create: (principal, input) =>
      inTenant(principal, async (trx) => {
        const location = await findLocation(trx, principal, input.locationId ?? null);
        const record = input.record ?? null;
        if (record !== null) await assertRecord(trx, record, location.id, principal.tenantId);
        const { rows }: { rows: { id: string }[] } = await trx.raw(
          `insert into import_session (tenant_id, patient_id, record_study_id, study_date, study_description, treatment_event,
                                       location_id, source, issuer, expected_files, expected_bytes, created_kind, created_by)
           values (app_tenant(), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id`,
          [
            record?.patientId ?? null,
            record?.studyId ?? null,
            record?.studyDate ?? null,
            record?.description ?? null,
            record?.event ?? null,
            location.id,
            input.source ?? null,
            input.issuer ?? location.issuer,
            input.expectedFiles,
            input.expectedBytes,
            principal.kind,
            principal.id,
          ],
        );
        const view = await readImport(trx, rows[0]?.id ?? '');
        await audit(trx, principal, 'imaging.import.created', view.id, record?.patientId);
        return view;
      }),

    list: (principal, after) => inTenant(principal, async (trx) => await listImports(trx, after)),
    get: (principal, importId) => inTenant(principal, async (trx) => await readImport(trx, importId)),
    files: (principal, importId, query) =>
      inTenant(principal, async (trx) => {
        await readImport(trx, importId);
        return await listImportFiles(trx, importId, query);
      }),
    studies: (principal, importId, after) =>
      inTenant(principal, async (trx) => await listImportStudies(trx, importId, after)),

    declare: (principal, importId, { files }) =>
      inTenant(principal, async (trx) => {
        const { rows: sessions }: { rows: { state: string }[] } = await trx.raw(
          `update import_session set active_at = now() where id = ? returning state`,
          [importId],
        );
        const [session] = sessions;
        if (session === undefined)
          throw new AppError('not-found', 'There is no such import. Begin a new one.');
        if (session.state !== 'open') throw ended();
        const named = files.map(({ key, path, size, shows }, n) => {
          const safe = entryPath(path);
          if (safe === undefined)
            throw new AppError(
              'invalid',
              'The path of a file points outside of its folder. Name it relative.',
              {
                details: { reason: 'unsafe-path', key },
              },
            );
          return { key, path: safe, folded: foldPath(safe), size, shows, n };
        });
        await trx.raw(DECLARE, [importId, JSON.stringify(named)]);
        const { rows }: { rows: (ImportFileRow & { readonly key: string })[] } = await trx.raw(
          `select id, key, state, received, outcome, reason, study_id from import_file where import_id = ? and key = any (?::text[])`,
          [importId, named.map(({ key }) => key)],
        );
        return { files: rows.map((row) => ({ ...progressOf(row), key: row.key })) };
      }),

    receive: (principal, sent) => gate(() => receive(principal, sent)),

    retry: async (principal, importId, fileId) => {
      const file = await inTenant(principal, async (trx) => {
        const { rows }: { rows: { id: string }[] } = await trx.raw(
          `update import_file f set state = 'queued', outcome = null, reason = null, retryable = false, updated_at = now()
             from import_session s where f.id = ? and f.import_id = ? and s.id = f.import_id and f.retryable and f.spooled
           returning f.id`,
          [fileId, importId],
        );
        const found = await findFile(trx, importId, fileId);
        if (found === undefined) throw new AppError('not-found', 'There is no such file in this import.');
        if (rows.length === 0 && found.state !== 'queued') {
          throw new AppError(
            'conflict',
            'Trying this file again cannot help. Copy it anew, then bring it in a new import.',
          );
        }
        // An import that has ended goes on until this file is through.
        await trx('import_session')
          .where({ id: importId, state: 'done' })
          .update({ state: 'finishing', finished_at: null, active_at: trx.fn.now() });
        return found;
      });
      await enqueueOpening(enqueue, principal.tenantId, importId, fileId);
      return progressOf(file);
    },

    finish: async (principal, importId) => {
      const view = await changeState(principal, importId, 'finishing', ['open'], 'imaging.import.sent');
      await completeImport(withTenant, principal.tenantId, importId);
      return view.state === 'done'
        ? view
        : await inTenant(principal, async (trx) => await readImport(trx, importId));
    },

    cancel: async (principal, importId) => {
      const view = await changeState(
        principal,
        importId,
        'cancelled',
        ['open', 'finishing'],
        'imaging.import.cancelled',
      );
      const spooled = await inTenant(
        principal,
        async (trx): Promise<{ id: string; size: number }[]> =>
          await trx('import_file').where({ import_id: importId, spooled: true }).select('id', 'size'),
      );
      for (const { id, size } of spooled) await spool.remove(principal.tenantId, id, size);
      return view;
    },
  };
};
