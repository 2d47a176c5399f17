import { AppError, type Principal, requirePermission } from '@archwire/contracts';
import type { Database } from '@archwire/database';
import type { Knex } from 'knex';
import { actorOf, auditAccount } from '../accounts/audit-entry.ts';
import type { DeviceView } from './device-view.ts';

export interface RefusedPeerKey {
  readonly callingAe: string;
  readonly calledAe: string;
  readonly address: string;
}

export interface RefusalView extends RefusedPeerKey {
  readonly reasons: string[];
  readonly registrable: boolean;
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
}

export interface RefusalPage {
  readonly refusals: RefusalView[];
  readonly total: number;
  /** `before` of the next page; `null` on the last. */
  readonly next: string | null;
}

/** Who knocked and was not let in, one entry for each (calling AE, called AE, address). */
export interface RefusalList {
  /** Newest first. @throws AppError `forbidden`; `invalid` when `before` is no `next`. */
  page(
    principal: Principal,
    wanted: {
      readonly search?: string | undefined;
      readonly deviceId?: string | undefined;
      readonly before?: string | undefined;
    },
  ): Promise<RefusalPage>;
  /** Forgets them; whoever knocks again is listed again. Answers how many were there. @throws AppError `forbidden`. */
  dismiss(principal: Principal, peers: 'all' | readonly RefusedPeerKey[]): Promise<number>;
}

const PAGE = 50;
/** What a registration answers: who calls is not known, or calls us by a title that nobody may use. */
const REGISTRABLE = `'calling-ae', 'called-ae'`;

interface Row {
  readonly calling_ae: string;
  readonly called_ae: string;
  readonly address: string;
  readonly reasons: string[];
  readonly registrable: boolean;
  readonly count: string;
  readonly first_at: Date;
  readonly last_at: Date;
  readonly place: string;
  readonly total: string;
}

/** Forgets the refusals that the registration of this device explains. */
export const endRefusals = async (
  trx: Knex.Transaction,
  device: Pick<DeviceView, 'aeTitle' | 'calledAe' | 'address'>,
): Promise<void> => {
  const query = trx('association_refusal')
    .where({ calling_ae: device.aeTitle })
    .whereRaw(`reason in (${REGISTRABLE})`);
  if (device.calledAe !== null) void query.andWhere({ called_ae: device.calledAe });
  if (device.address !== null) void query.andWhere({ address: device.address });
  await query.delete();
};

export const createRefusalList = ({
  database: { withTenant },
}: {
  readonly database: Pick<Database, 'withTenant'>;
}): RefusalList => ({
  page: async (principal, { search = '', deviceId, before }) => {
    requirePermission(principal, 'devices.device.read');
    const cursor = before === undefined ? undefined : /^(\d{1,20})_([\da-f-]{36})$/.exec(before);
    if (cursor === null)
      throw new AppError('invalid', 'The list goes on from an entry that is not there. Reload the list.');
    const [, at = null, id = null] = cursor ?? [];
    // The recorder keeps at most a thousand rows for a tenant: grouping them all is cheaper than keeping groups.
    return await withTenant(principal.tenantId, async (trx) => {
      const { rows }: { rows: Row[] } = await trx.raw(
        `with peer as (
           select calling_ae, called_ae, address, array_agg(reason order by last_at desc, id desc) as reasons,
                  bool_or(calling_ae <> '' and reason in (${REGISTRABLE})) as registrable, sum(count)::bigint as count,
                  min(first_at) as first_at, max(last_at) as last_at, max(id::text) as id
             from association_refusal
            group by calling_ae, called_ae, address),
         found as (
           select *, (extract(epoch from last_at) * 1000000)::bigint as micros from peer
            where (:search = '' or position(lower(:search) in lower(calling_ae)) > 0
                   or position(lower(:search) in lower(called_ae)) > 0 or position(lower(:search) in address) > 0)
              and (:deviceId::uuid is null or exists (
                   select 1 from device d where d.id = :deviceId::uuid
                      and (d.ae_title = peer.calling_ae or d.address = peer.address))))
         select *, micros || '_' || id as place, (select count(*) from found) as total from found
          where :at::bigint is null or (micros, id) < (:at::bigint, :id::text)
          order by micros desc, id desc limit ${PAGE + 1}`,
        { search, deviceId: deviceId ?? null, at, id },
      );
      const page = rows.slice(0, PAGE);
      return {
        refusals: page.map((row) => ({
          callingAe: row.calling_ae,
          calledAe: row.called_ae,
          address: row.address,
          reasons: [...new Set(row.reasons)],
          registrable: row.registrable,
          count: Number(row.count),
          firstAt: row.first_at.toISOString(),
          lastAt: row.last_at.toISOString(),
        })),
        total: Number(rows[0]?.total ?? 0),
        next: rows.length > PAGE ? (page.at(-1)?.place ?? null) : null,
      };
    });
  },

  dismiss: async (principal, peers) => {
    requirePermission(principal, 'devices.device.write');
    return await withTenant(principal.tenantId, async (trx) => {
      const { rows }: { rows: { peers: number }[] } = await trx.raw(
        `with gone as (
           delete from association_refusal r
            ${
              peers === 'all'
                ? ''
                : `using jsonb_to_recordset(?::jsonb) as p("callingAe" text, "calledAe" text, address text)
                   where r.calling_ae = p."callingAe" and r.called_ae = p."calledAe" and r.address = p.address`
            }
           returning r.calling_ae, r.called_ae, r.address)
         select count(distinct (calling_ae, called_ae, address))::int as peers from gone`,
        peers === 'all' ? [] : [JSON.stringify(peers)],
      );
      const count = rows[0]?.peers ?? 0;
      await auditAccount(trx, actorOf(principal), {
        action: 'device.refusals.dismiss',
        entity: 'device',
        entityId: null,
        changed: { peers: String(count) },
      });
      return count;
    });
  },
});
