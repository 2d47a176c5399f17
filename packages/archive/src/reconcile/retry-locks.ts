import type { WithTenant } from '@archwire/database';

/** Ended to break a deadlock; a lock that was not to be waited for. */
const CODES: ReadonlySet<unknown> = new Set(['40P01', '55P03']);
const ATTEMPTS = 20;

const isAboutLocks = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && CODES.has(error.code);

/**
 * Runs the whole work again when its locks and those of somebody else would wait in a circle: everybody locks studies
 * before patients, but merging learns of a study that came meanwhile only when it holds the patient.
 */
export const retryLocks =
  (withTenant: WithTenant): WithTenant =>
  async (tenantId, work) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await withTenant(tenantId, work);
      } catch (error) {
        if (!isAboutLocks(error) || attempt === ATTEMPTS) throw error;
      }
    }
  };
