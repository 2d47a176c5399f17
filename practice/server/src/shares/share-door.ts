import { timingSafeEqual } from 'node:crypto';
import { readStudy } from '@archwire/archive';
import { AppError, type Principal } from '@archwire/contracts';
import { SHARE_LIMITS, type SharedStudy } from '@archwire/contracts/api/shares';
import { appendAudit, type WithTenant } from '@archwire/database';
import type { Knex } from 'knex';
import { verifyPassword } from '../accounts/password-hash.ts';
import { hashSecret, parseRowToken } from '../accounts/secret-token.ts';
import type { Client } from '../api/client.ts';
import { readSharePass, writeSharePass } from './share-pass.ts';
import { SELECT_SHARE, type ShareRow, shareState } from './share-row.ts';

/** The file that a link lets somebody take along. */
export interface SharedFile {
  readonly key: string;
  readonly length: number;
  readonly format: string;
}

/** The side of links that needs no account. */
export interface ShareDoor {
  /**
   * What a link shows, and the cookie for its pictures. @throws AppError `not-found` (`details.reason`: `unknown`, `expired`,
   * `revoked`, `locked`), `forbidden` (`passcode-needed`, `passcode-wrong`).
   */
  open(
    asked: { readonly token: string; readonly passcode?: string | undefined },
    client: Client,
  ): Promise<{ readonly study: SharedStudy; readonly pass: string; readonly passSeconds: number }>;
  /** Whose pictures somebody may see who has this cookie; `undefined` once the link is closed. */
  enter(
    shareId: string,
    pass: string,
  ): Promise<{ readonly tenantId: string; readonly studyInstanceUid: string } | undefined>;
  /** The file of the link, with an entry in the audit trail. @throws AppError `not-found` when there is none, or not yet. */
  file(shareId: string, pass: string, client: Client): Promise<SharedFile>;
}

const PASS_SECONDS = 3600;

const gone = (reason: 'unknown' | 'expired' | 'revoked' | 'locked'): AppError =>
  new AppError('not-found', 'This link does not open anything any more. Ask whoever sent it for a new one.', {
    details: { reason },
  });

/** Sees studies of one tenant and nothing else: what a link stands for. */
const viewer = (tenantId: string, client: Client): Principal => ({
  tenantId,
  kind: 'system',
  id: null,
  locationId: null,
  permissions: new Set(['imaging.study.read']),
  ...client,
});

const audit = async (
  trx: Knex.Transaction,
  row: ShareRow,
  client: Client,
  entry: { readonly action: string; readonly outcome: 'success' | 'failure'; readonly reason?: string },
): Promise<void> => {
  await appendAudit(trx, {
    actorKind: 'system',
    actorId: null,
    ...entry,
    entity: 'share',
    entityId: row.id,
    studyUid: row.study_uid,
    ...(row.created_by === null ? {} : { onBehalfOf: row.created_by }),
    address: client.address,
    userAgent: client.userAgent?.slice(0, 300) ?? null,
    requestId: client.requestId,
  });
};

export const createShareDoor = (deps: {
  readonly withTenant: WithTenant;
  readonly key: Uint8Array;
  readonly now?: () => number;
}): ShareDoor => {
  const { withTenant, key, now = Date.now } = deps;

  const find = async (tenantId: string, shareId: string): Promise<ShareRow | undefined> => {
    const { rows } = await withTenant(
      tenantId,
      async (trx) => await trx.raw<{ rows: ShareRow[] }>(`${SELECT_SHARE} where l.id = ?`, [shareId]),
    );
    return rows[0];
  };

  const refuse = async (
    tenantId: string,
    row: ShareRow,
    client: Client,
    reason: string,
    error: AppError,
  ): Promise<never> => {
    await withTenant(tenantId, async (trx) => {
      await audit(trx, row, client, { action: 'imaging.share.opened', outcome: 'failure', reason });
    });
    throw error;
  };

  /** A guess is counted before it is looked at, so that many at once are not more than their number. */
  const checkPasscode = async (
    tenantId: string,
    row: ShareRow,
    passcode: string | undefined,
    client: Client,
  ): Promise<void> => {
    if (row.passcode_hash === null) return;
    if (passcode === undefined || passcode.trim() === '')
      throw new AppError('forbidden', 'This link has a passcode. Enter it.', {
        details: { reason: 'passcode-needed' },
      });
    const counted = await withTenant(tenantId, async (trx) => {
      const { rows } = await trx.raw<{ rows: { failures: number }[] }>(
        'update share_link set failures = failures + 1 where id = ? and failures < ? returning failures',
        [row.id, SHARE_LIMITS.failures],
      );
      return rows[0]?.failures;
    });
    if (counted === undefined) throw gone('locked');
    if (await verifyPassword(passcode.trim(), row.passcode_hash)) return;
    await refuse(
      tenantId,
      row,
      client,
      'passcode-wrong',
      new AppError('forbidden', 'This is not the passcode of the link. Try again.', {
        details: { reason: 'passcode-wrong', left: SHARE_LIMITS.failures - counted },
      }),
    );
  };

  const present = async (tenantId: string, row: ShareRow, client: Client): Promise<SharedStudy> => {
    const study = await readStudy(withTenant, viewer(tenantId, client), row.study_id);
    const about = await withTenant(tenantId, async (trx) => {
      const { rows } = await trx.raw<{
        rows: { group_name: string; state: string | null; bytes: number | null }[];
      }>(
        `select t.name as group_name, x.state, x.bytes from tenant t left join export_job x on x.id = ? where t.id = app_tenant()`,
        [row.export_id],
      );
      return rows[0];
    });
    const state = about?.state;
    return {
      shareId: row.id,
      groupName: about?.group_name ?? '',
      locationName: study.locationName,
      studyDate: study.studyDate,
      expiresAt: row.expires.toISOString(),
      series: study.series.map(({ seriesId, modality, instanceCount, images }) => ({
        seriesId,
        modality,
        instanceCount,
        images: images.map(({ instanceId, view, picture }) => ({
          instanceId,
          view,
          version: picture?.version ?? null,
          width: picture?.width ?? null,
          height: picture?.height ?? null,
        })),
      })),
      download:
        row.export_format === null || state === null || state === undefined
          ? null
          : {
              format: row.export_format === 'jpeg' ? 'jpeg' : 'dicom',
              state: exportState(state),
              bytes: about?.bytes ?? 0,
            },
    };
  };

  const entered = async (
    shareId: string,
    pass: string,
  ): Promise<{ readonly tenantId: string; readonly row: ShareRow } | undefined> => {
    const known = readSharePass(key, shareId, pass, now());
    if (known === undefined) return undefined;
    const row = await find(known.tenantId, shareId);
    // Wrong passcodes of others do not send away whoever is in.
    if (row === undefined || shareState({ ...row, failures: 0 }, now()) !== 'open') return undefined;
    return { tenantId: known.tenantId, row };
  };

  return {
    open: async ({ token, passcode }, client) => {
      const named = parseRowToken(token);
      if (named === undefined) throw gone('unknown');
      const { tenantId, rowId, secret } = named;
      const row = await find(tenantId, rowId);
      if (row === undefined || !timingSafeEqual(row.secret_hash, hashSecret(secret))) throw gone('unknown');
      const state = shareState(row, now());
      if (state !== 'open') await refuse(tenantId, row, client, state, gone(state));
      await checkPasscode(tenantId, row, passcode, client);
      await withTenant(tenantId, async (trx) => {
        await trx.raw(
          'update share_link set openings = openings + 1, opened_at = now(), failures = 0 where id = ?',
          [row.id],
        );
        await audit(trx, row, client, { action: 'imaging.share.opened', outcome: 'success' });
      });
      const expiresAt = Math.min(row.expires.getTime(), now() + PASS_SECONDS * 1000);
      return {
        study: await present(tenantId, row, client),
        pass: writeSharePass(key, row.id, { tenantId, expiresAt }),
        passSeconds: Math.max(1, Math.floor((expiresAt - now()) / 1000)),
      };
    },

    enter: async (shareId, pass) => {
      const found = await entered(shareId, pass);
      return found && { tenantId: found.tenantId, studyInstanceUid: found.row.study_uid };
    },

    file: async (shareId, pass, client) => {
      const found = await entered(shareId, pass);
      if (found === undefined) throw gone('unknown');
      const { tenantId, row } = found;
      return await withTenant(tenantId, async (trx) => {
        const { rows } = await trx.raw<{ rows: { key: string; bytes: number; format: string }[] }>(
          `select object_key as key, bytes, format from export_job where id = ? and state = 'done' and object_key is not null`,
          [row.export_id],
        );
        const [file] = rows;
        if (file === undefined)
          throw new AppError('not-found', 'There is no file to take along yet. Try again in a moment.');
        await audit(trx, row, client, { action: 'imaging.share.downloaded', outcome: 'success' });
        return { key: file.key, length: file.bytes, format: file.format };
      });
    },
  };
};

type FileState = NonNullable<SharedStudy['download']>['state'];
const FILE_STATES: readonly FileState[] = ['queued', 'running', 'done', 'failed', 'cancelled', 'expired'];
const exportState = (state: string): FileState => FILE_STATES.find((known) => known === state) ?? 'failed';
