import type { ExportService } from '@archwire/archive';
import { AppError, type Principal, requirePermission } from '@archwire/contracts';
import { ExportOptions } from '@archwire/contracts/api/exports';
import type { NewShare, Share } from '@archwire/contracts/api/shares';
import { appendAudit, type WithTenant } from '@archwire/database';
import type { Knex } from 'knex';
import { hashPassword } from '../accounts/password-hash.ts';
import { formatRowToken, hashSecret, newSecret } from '../accounts/secret-token.ts';
import { presentShare, SELECT_SHARE, type ShareRow } from './share-row.ts';

export interface ShareService {
  /** @throws AppError `forbidden`, `not-found`. */
  create(principal: Principal, input: NewShare): Promise<{ readonly share: Share; readonly token: string }>;
  list(
    principal: Principal,
    query: { readonly studyId?: string | undefined; readonly after?: string | undefined },
  ): Promise<{ readonly shares: readonly Share[]; readonly next: string | null }>;
  /** Closes a link at once. Safe to repeat. */
  revoke(principal: Principal, id: string): Promise<void>;
}

const PAGE = 50;

const noShare = (): AppError => new AppError('not-found', 'There is no such link. Reload the page.');

const audit = async (
  trx: Knex.Transaction,
  principal: Principal,
  action: string,
  row: ShareRow,
): Promise<void> => {
  await appendAudit(trx, {
    actorKind: principal.kind,
    actorId: principal.id,
    action,
    outcome: 'success',
    entity: 'share',
    entityId: row.id,
    studyUid: row.study_uid,
    after: {
      expiresAt: row.expires.toISOString(),
      passcode: row.passcode_hash !== null,
      download: row.export_format ?? 'none',
    },
    address: principal.address,
    userAgent: principal.userAgent?.slice(0, 300) ?? null,
    requestId: principal.requestId,
  });
};

const one = async (trx: Knex.Transaction, id: string): Promise<ShareRow> => {
  const { rows } = await trx.raw<{ rows: ShareRow[] }>(`${SELECT_SHARE} where l.id = ?`, [id]);
  const [row] = rows;
  if (row === undefined) throw noShare();
  return row;
};

const isMine = (principal: Principal, row: ShareRow): boolean =>
  principal.permissions.has('imaging.export.manage') || row.created_by === principal.id;

/** Links that show a study to whoever has them. Only a hash of their secret is kept: what is lost is made anew. */
export const createShareService = (deps: {
  readonly withTenant: WithTenant;
  readonly exports: Pick<ExportService, 'create' | 'remove'>;
  readonly now?: () => number;
}): ShareService => {
  const { withTenant, exports, now = Date.now } = deps;
  const inTenant = async <T>(
    principal: Principal,
    work: (trx: Knex.Transaction) => Promise<T>,
  ): Promise<T> => {
    requirePermission(principal, 'imaging.share.write');
    requirePermission(principal, 'imaging.study.read');
    return await withTenant(principal.tenantId, work);
  };

  return {
    create: async (principal, input) => {
      await inTenant(principal, async (trx) => {
        const { rows } = await trx.raw<{ rows: unknown[] }>(
          `select 1 from study where id = ? and match_state <> 'rejected'`,
          [input.studyId],
        );
        if (rows.length === 0) throw new AppError('not-found', 'There is no such study in your group.');
      });
      const passcode = input.passcode === undefined ? null : await hashPassword(input.passcode);
      const file =
        input.download === 'none'
          ? null
          : await exports.create(
              principal,
              {
                studyId: input.studyId,
                format: input.download,
                identity: 'known',
                options: ExportOptions.parse({}),
              },
              input.hours,
            );
      const secret = newSecret();
      const share = await inTenant(principal, async (trx) => {
        const { rows } = await trx.raw<{ rows: { id: string }[] }>(
          `insert into share_link (tenant_id, study_id, export_id, secret_hash, passcode_hash, created_kind, created_by, expires_at)
           values (app_tenant(), ?, ?, ?, ?, ?, ?, now() + make_interval(hours => ?)) returning id`,
          [
            input.studyId,
            file?.id ?? null,
            hashSecret(secret),
            passcode,
            principal.kind,
            principal.id,
            input.hours,
          ],
        );
        const row = await one(trx, rows[0]?.id ?? '');
        await audit(trx, principal, 'imaging.share.created', row);
        return presentShare(row, now());
      });
      return { share, token: formatRowToken(principal.tenantId, share.id, secret) };
    },

    list: (principal, { studyId, after }) =>
      inTenant(principal, async (trx) => {
        const conditions: readonly (readonly [string, string | null | undefined])[] = [
          ['l.study_id = ?', studyId],
          ['l.id < ?', after],
          [
            'l.created_by = ?',
            principal.permissions.has('imaging.export.manage') ? undefined : (principal.id ?? null),
          ],
        ];
        const asked = conditions.flatMap(([sql, value]) => (value === undefined ? [] : [{ sql, value }]));
        const { rows } = await trx.raw<{ rows: ShareRow[] }>(
          `${SELECT_SHARE} where ${['true', ...asked.map(({ sql }) => sql)].join(' and ')} order by l.id desc limit ${PAGE + 1}`,
          asked.map(({ value }) => value),
        );
        const shown = rows.slice(0, PAGE);
        return {
          shares: shown.map((row) => presentShare(row, now())),
          next: rows.length > PAGE ? (shown.at(-1)?.id ?? null) : null,
        };
      }),

    revoke: async (principal, id) => {
      const exportId = await inTenant(principal, async (trx) => {
        const row = await one(trx, id);
        if (!isMine(principal, row)) throw noShare();
        if (row.revoked !== null) return null;
        await trx.raw('update share_link set revoked_at = now() where id = ?', [id]);
        await audit(trx, principal, 'imaging.share.revoked', row);
        return row.export_id;
      });
      if (exportId !== null) await exports.remove(principal, exportId);
    },
  };
};
