import type { IngestSource } from '@archwire/contracts';
import type { Database } from '@archwire/database';
import { firstTenantId } from '../accounts/first-administrator.ts';
import { createTtlCache } from '../ttl-cache.ts';
import { isLoopback } from './is-loopback.ts';
import { readHome } from './read-home.ts';

export type AdmittedSource = Pick<IngestSource, 'tenantId' | 'locationId' | 'deviceId' | 'issuer'>;
export type AdmissionDecision =
  | { readonly admitted: true; readonly source: AdmittedSource }
  | { readonly admitted: false; readonly reason: 'called-ae' | 'calling-ae' };

export interface Admission {
  /**
   * Whose images this peer sends: a registered device by (called AE, calling AE, address), the most exact registration
   * first; otherwise, from this very machine, the first tenant's default location. Remembered for five seconds.
   */
  admit(peer: {
    readonly calledAe: string;
    readonly callingAe: string;
    readonly address: string;
  }): Promise<AdmissionDecision>;
  forget(): void;
}

const REMEMBER_MS = 5000;
const REMEMBERED = 2000;

/** `::ffff:10.0.0.7` and `10.0.0.7` are one machine. */
const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');

export const createAdmission = (deps: {
  readonly database: Pick<Database, 'knex' | 'withTenant'>;
  /** The title of this server: another one that no device may call is refused as such. */
  readonly aeTitle: string;
}): Admission => {
  const { database, aeTitle } = deps;
  const known = createTtlCache<AdmissionDecision>({ ttlMs: REMEMBER_MS, max: REMEMBERED });

  const decide = async (calledAe: string, callingAe: string, address: string): Promise<AdmissionDecision> => {
    const { rows } = await database.knex.raw<{ rows: { tenant_id: string; device_id: string }[] }>(
      'select tenant_id, device_id from find_device(?, ?, ?)',
      [calledAe, callingAe, address],
    );
    const found = rows[0];
    if (found !== undefined) {
      const home = await readHome(database, found.tenant_id, found.device_id);
      if (home !== undefined) return { admitted: true, source: home };
    }
    if (isLoopback(address)) {
      const home = await readHome(database, await firstTenantId(database), null);
      if (home !== undefined) return { admitted: true, source: home };
    }
    return { admitted: false, reason: calledAe === aeTitle ? 'calling-ae' : 'called-ae' };
  };

  return {
    admit: async ({ calledAe, callingAe, address }) => {
      const peer = plainAddress(address);
      return await known.get(JSON.stringify([calledAe, callingAe, peer]), () =>
        decide(calledAe, callingAe, peer),
      );
    },
    forget: () => known.clear(),
  };
};
