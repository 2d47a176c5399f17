import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '@archwire/database';
import { firstTenantId } from '../accounts/first-administrator.ts';
import { createTtlCache } from '../ttl-cache.ts';
import { isLoopback } from './is-loopback.ts';
import { type AdmittedSource, readHome } from './read-home.ts';

export type AdmissionDecision =
  | { readonly admitted: true; readonly source: AdmittedSource }
  | { readonly admitted: false; readonly reason: 'called-ae' | 'calling-ae' };

export interface Admission {
  /**
   * Whose images this peer sends: a registered device by (called AE, calling AE, address), the most exact registration
   * first; otherwise, from this very machine, the first tenant's default location. Remembered for five seconds; while the
   * database does not answer, whoever was admitted before stays admitted, so that an outage stops no equipment.
   * @throws AppError `unavailable` in an outage for a peer not seen before: it is asked to try again, because a guess might
   * put its images into another group.
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
/** Longer than a slow answer, much shorter than a modality waits for its association. */
const PATIENCE_MS = 2000;

/** `::ffff:10.0.0.7` and `10.0.0.7` are one machine. */
const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');

export const createAdmission = (deps: {
  readonly database: Pick<Database, 'knex' | 'withTenant'>;
  /** The title of this server: another one that no device may call is refused as such. */
  readonly aeTitle: string;
  readonly now?: () => number;
}): Admission => {
  const { database, aeTitle, now = Date.now } = deps;
  const known = createTtlCache<AdmissionDecision>({ ttlMs: REMEMBER_MS, max: REMEMBERED, now });

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

  const lastAdmitted = new Map<string, AdmissionDecision>();
  const keep = (key: string, decision: AdmissionDecision): void => {
    lastAdmitted.delete(key);
    if (decision.admitted) lastAdmitted.set(key, decision);
    for (const oldest of lastAdmitted.keys()) {
      if (lastAdmitted.size <= REMEMBERED) break;
      lastAdmitted.delete(oldest);
    }
  };

  return {
    admit: async ({ calledAe, callingAe, address }) => {
      const peer = plainAddress(address);
      const key = JSON.stringify([calledAe, callingAe, peer]);
      const before = lastAdmitted.get(key);
      const asked = known.get(key, async () => {
        const decision = await decide(calledAe, callingAe, peer);
        keep(key, decision);
        return decision;
      });
      if (before === undefined) return await asked;
      const patience = new AbortController();
      try {
        return await Promise.race([
          asked.catch(() => before),
          sleep(PATIENCE_MS, before, { signal: patience.signal, ref: false }),
        ]);
      } finally {
        patience.abort();
      }
    },
    forget: () => {
      known.clear();
      lastAdmitted.clear();
    },
  };
};
