import { AppError, type JobPayload } from '@archwire/contracts';
import type { WithTenant } from '@archwire/database';
import type { DerivedImages, PixelPool, Placeholder } from '@archwire/dicom';
import { findInstanceAgain } from '../retrieve/find-instances.ts';
import type { InstanceReader } from '../retrieve/instance-reader.ts';
import type { TenantStore } from '../settle/create-settler.ts';
import type { StoredInstance } from '../retrieve/stored-instance.ts';
import { deriveInstance, type DerivedInstance } from './derive-instance.ts';
import { inParallel } from './in-parallel.ts';
import { DERIVATIVE_KINDS, derivativeKey } from './recipe.ts';
import { findDerived, writeDerivatives, type DerivativeRow } from './write-derivatives.ts';

export interface Deriver {
  /**
   * Makes what is missing of the job's instances, in parallel, and records it in one transaction. What cannot be shown gets a
   * placeholder; one bad instance never keeps the others from theirs.
   * @throws AppError `unavailable` after recording the rest, when some failed for a reason that may heal.
   */
  derive(
    job: JobPayload<'derive-instances'>,
    context: { readonly lastAttempt: boolean },
  ): Promise<{ readonly made: number; readonly placeholders: number }>;
}

export interface DeriverParts {
  readonly withTenant: WithTenant;
  readonly reader: Pick<InstanceReader, 'head' | 'stored'>;
  /** Where the tenant's derivatives go. */
  readonly storeOf: (tenantId: string) => Promise<TenantStore>;
  readonly pool: PixelPool;
  readonly log: { warn(fields: Readonly<Record<string, unknown>>, message: string): void };
}

export function createDeriver({ withTenant, reader, storeOf, pool, log }: DeriverParts): Deriver {
  const drawn = new Map<string, Promise<DerivedImages>>();
  const placeholder = async (asked: Placeholder) => {
    const key = `${asked.reason}/${asked.label ?? ''}`;
    const images = drawn.get(key) ?? pool.placeholder(asked);
    drawn.set(key, images);
    images.catch(() => drawn.delete(key));
    return images;
  };

  const keep = async (
    { name, store }: TenantStore,
    instance: StoredInstance,
    derived: DerivedInstance,
  ): Promise<readonly DerivativeRow[]> =>
    Promise.all(
      DERIVATIVE_KINDS.map(async (kind) => {
        const { data, mediaType, width, height } = derived.images[kind];
        const key = derivativeKey(instance, kind);
        await store.put(key, data, { contentType: mediaType });
        const { frame, placeholderReason } = derived;
        const length = data.length;
        return {
          instanceId: instance.id,
          sha256: instance.sha256,
          kind,
          store: name,
          key,
          length,
          mediaType,
          width,
          height,
          frame,
          placeholderReason,
        };
      }),
    );

  return {
    derive: async ({ tenantId, instanceIds }, { lastAttempt }) => {
      const instances = await withTenant(tenantId, async (trx) => {
        const done = await findDerived(trx, instanceIds);
        const found = [];
        for (const id of instanceIds) {
          if (!done.has(id)) found.push(await findInstanceAgain(trx, Number(id)));
        }
        return found.filter((instance) => instance !== undefined);
      });

      if (instances.length === 0) return { made: 0, placeholders: 0 };
      const target = await storeOf(tenantId);
      const failures: unknown[] = [];
      // One more than there are threads, so that the next frame is read while one is decoded.
      const results = await inParallel(instances, pool.threads + 1, async (instance) => {
        try {
          const source = {
            SOPClassUID: instance.SOPClassUID,
            head: () => reader.head(instance),
            stored: reader.stored(instance),
          };
          return await keep(
            target,
            instance,
            await deriveInstance(source, { pool, placeholder, lastAttempt }),
          );
        } catch (error) {
          // Deleted while the job ran: nothing to show, nothing to repeat.
          if (error instanceof AppError && error.kind === 'not-found') return [];
          failures.push(error);
          log.warn(
            { instanceId: instance.id, sopUid: instance.SOPInstanceUID, err: error },
            'derivatives not made yet',
          );
          return [];
        }
      });

      const rows = results.flat();
      const unused = await withTenant(tenantId, (trx) => writeDerivatives(trx, rows));
      for (const { key } of unused) await target.store.delete(key);
      if (failures.length > 0) {
        throw new AppError(
          'unavailable',
          `${failures.length} of ${instances.length} images could not be derived yet.`,
          {
            cause: failures[0],
          },
        );
      }
      const placeholders = rows.filter(
        (row) => row.kind === 'thumbnail' && row.placeholderReason !== null,
      ).length;
      return { made: rows.length / DERIVATIVE_KINDS.length, placeholders };
    },
  };
}
