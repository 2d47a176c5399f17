import { type Principal, requirePermission } from '@archwire/contracts';
import { type AuditChainReport, type Database, verifyAuditChain } from '@archwire/database';
import { actorOf, auditAccount } from '../accounts/audit-entry.ts';
import { createTtlCache } from '../ttl-cache.ts';
import { AUDIT_CSV_HEAD, auditCsvLine } from './audit-csv.ts';
import { readAuditNames } from './audit-names.ts';
import { type AuditEntryView, presentAudit } from './audit-presenter.ts';
import { type AuditCursor, type AuditFilter, readAuditPage } from './audit-query.ts';

export interface AuditPage {
  readonly entries: AuditEntryView[];
  /** Give it back as `before`; `null` at the end. */
  readonly next: string | null;
}

/** The audit log for people. Every method throws AppError `forbidden` without `audit.log.read`, and is written down itself. */
export interface AuditService {
  /** Newest first. Looking again with the same filter within five minutes is one entry. */
  list(
    principal: Principal,
    filter: AuditFilter,
    page: { readonly before?: string | undefined; readonly limit: number },
  ): Promise<AuditPage>;
  /** A CSV file in pieces, at most 100,000 lines. */
  exportCsv(principal: Principal, filter: AuditFilter): Promise<AsyncIterable<string>>;
  verify(principal: Principal): Promise<AuditChainReport & { readonly verifiedAt: string }>;
}

const READ = 'audit.log.read';
const ONE_LOOK_MS = 5 * 60_000;
const REMEMBERED = 2000;
const EXPORT_PAGE = 1000;
const EXPORT_LINES = 100_000;

const parseCursor = (text: string | undefined): AuditCursor | null => {
  const [at, seq] = text?.split('-').map(Number) ?? [];
  return at === undefined || seq === undefined ? null : { at: new Date(at), seq };
};

/** Ids and codes only; what is looked for is nothing that must not be kept. */
const describeFilter = (filter: AuditFilter): Record<string, string> =>
  Object.fromEntries(
    Object.entries(filter).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, Array.isArray(value) ? value.join(' ') : String(value)]],
    ),
  );

export const createAuditService = (deps: {
  readonly database: Pick<Database, 'withTenant'>;
  readonly clock?: () => Date;
}): AuditService => {
  const { database, clock = () => new Date() } = deps;
  const looks = createTtlCache<void>({ ttlMs: ONE_LOOK_MS, max: REMEMBERED, now: () => clock().getTime() });

  const note = async (principal: Principal, action: string, filter: AuditFilter = {}): Promise<void> =>
    await database.withTenant(principal.tenantId, (trx) =>
      auditAccount(trx, actorOf(principal), {
        action,
        entity: 'audit',
        entityId: null,
        changed: describeFilter(filter),
      }),
    );

  const read = async (
    principal: Principal,
    filter: AuditFilter,
    page: { readonly before: AuditCursor | null; readonly limit: number },
  ): Promise<{ readonly entries: AuditEntryView[]; readonly last: AuditCursor | null }> =>
    await database.withTenant(principal.tenantId, async (trx) => {
      const rows = await readAuditPage(trx, filter, { before: page.before, limit: page.limit + 1 });
      const shown = rows.slice(0, page.limit);
      const names = await readAuditNames(trx, shown, {
        patients: principal.permissions.has('imaging.study.read'),
      });
      const last = rows.length > page.limit ? (shown.at(-1) ?? null) : null;
      return { entries: shown.map((row) => presentAudit(row, names)), last };
    });

  return {
    list: async (principal, filter, { before, limit }) => {
      requirePermission(principal, READ);
      const look = JSON.stringify([principal.tenantId, principal.kind, principal.id, describeFilter(filter)]);
      await looks.get(look, () => note(principal, 'audit.log.read', filter));
      const { entries, last } = await read(principal, filter, { before: parseCursor(before), limit });
      return { entries, next: last === null ? null : `${last.at.getTime()}-${last.seq}` };
    },

    exportCsv: async (principal, filter) => {
      requirePermission(principal, READ);
      await note(principal, 'audit.log.export', filter);
      return (async function* lines() {
        yield AUDIT_CSV_HEAD;
        let before: AuditCursor | null = null;
        for (let count = 0; count < EXPORT_LINES; count += EXPORT_PAGE) {
          const page = await read(principal, filter, { before, limit: EXPORT_PAGE });
          yield page.entries.map(auditCsvLine).join('');
          if (page.last === null) return;
          before = page.last;
        }
      })();
    },

    verify: async (principal) => {
      requirePermission(principal, READ);
      const report = await database.withTenant(principal.tenantId, verifyAuditChain);
      await note(principal, 'audit.log.verify');
      return { ...report, verifiedAt: clock().toISOString() };
    },
  };
};
