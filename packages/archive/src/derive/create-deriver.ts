import { AppError, type JobPayload } from '@archwire/contracts';
import type { WithTenant } from '@archwire/database';
import {
  type DerivedImages,
  imageView,
  indexedView,
  type InstanceHead,
  type PixelPool,
  type Placeholder,
  type ShownView,
  storedBuffer,
  type StoredBytes,
} from '@archwire/dicom';
import { findInstancesById } from '../retrieve/find-instances.ts';
import { writeClassifications } from '../classify/write-classifications.ts';
import { type InstanceReader, readStoredHead } from '../retrieve/instance-reader.ts';
import type { TenantStore } from '../settle/create-settler.ts';
import type { StoredInstance } from '../retrieve/stored-instance.ts';
import { deriveInstance } from './derive-instance.ts';
import { findAdjustments } from './find-adjustments.ts';
import { inParallel } from './in-parallel.ts';
import { packDerivatives, pictureBytes, type DerivedPictures } from './pack-derivatives.ts';
import { removeDerivatives } from './remove-derivatives.ts';
import { findDerivativeObjects, findDerived, writeDerivatives } from './write-derivatives.ts';

/** From here on a pack is written, so that a job of large panoramics does not hold all its pictures in memory. */
const PACK_BYTES = 8 << 20;

export interface Deriver {
  /**
   * Makes what is missing of the job's instances, in parallel, and keeps it pack by pack. What cannot be shown gets a
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
  readonly reader: Pick<InstanceReader, 'stored'>;
  /** Where the tenant's derivatives go. */
  readonly storeOf: (tenantId: string) => Promise<TenantStore>;
  readonly pool: PixelPool;
  readonly log: { warn(fields: Readonly<Record<string, unknown>>, message: string): void };
}

/** Up to here an object is read whole: one visit to the store instead of one for its head and one for its frame. */
const READ_AT_ONCE = 2 << 20;

/** In memory that serves for one object after the other: a volume has hundreds, and what is new each time must be collected. */
const readers = () => {
  const memory = new Map<number, Buffer>();
  return async (stored: StoredBytes, lane: number): Promise<StoredBytes> => {
    if (stored.length > READ_AT_ONCE) return stored;
    const known = memory.get(lane);
    const into = known !== undefined && known.length >= stored.length ? known : Buffer.alloc(stored.length);
    memory.set(lane, into);
    return storedBuffer(await stored.read(0, stored.length, into));
  };
};

/** `null` where the index knows as much (slices of a volume are many), or where the head cannot be read. */
const shownView = async (head: Promise<InstanceHead>): Promise<ShownView | null> => {
  try {
    const read = await head;
    return indexedView(read.header) === 'cbct' ? null : imageView(read);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
};

export function createDeriver({ withTenant, reader, storeOf, pool, log }: DeriverParts): Deriver {
  const drawn = new Map<string, Promise<DerivedImages>>();
  const placeholder = async (asked: Placeholder) => {
    const key = `${asked.reason}/${asked.label ?? ''}`;
    const images = drawn.get(key) ?? pool.placeholder(asked);
    drawn.set(key, images);
    images.catch(() => drawn.delete(key));
    return images;
  };

  return {
    derive: async ({ tenantId, seriesId, instanceIds }, { lastAttempt }) => {
      const { instances, adjustments } = await withTenant(tenantId, async (trx) => {
        const done = await findDerived(trx, instanceIds);
        const missing = instanceIds.filter((id) => !done.has(id));
        const found = await findInstancesById(trx, missing);
        return { instances: found, adjustments: await findAdjustments(trx, missing) };
      });

      if (instances.length === 0) return { made: 0, placeholders: 0 };
      const target = await storeOf(tenantId);
      const failures: unknown[] = [];
      let made = 0;
      let placeholders = 0;
      let waiting: DerivedPictures[] = [];
      const keep = async (pictures: readonly DerivedPictures[]): Promise<void> => {
        const rows = await packDerivatives(target, tenantId, seriesId, pictures);
        const ids = pictures.map(({ instance }) => instance.id);
        const { unused, before } = await withTenant(tenantId, async (trx) => {
          await writeClassifications(trx, pictures);
          const before = await findDerivativeObjects(trx, ids);
          return { before, unused: await writeDerivatives(trx, rows) };
        });
        for (const key of unused) await target.store.delete(key);
        const [instanceId] = ids;
        // What was made again leaves its old object, unless others of the series are in it still.
        if (before.length > 0 && instanceId !== undefined)
          await removeDerivatives({ withTenant, storeOf }, tenantId, {
            instanceId: String(instanceId),
            objects: before,
          });
        made += pictures.length;
        placeholders += pictures.filter(({ derived }) => derived.placeholderReason !== null).length;
      };
      const failed = (error: unknown, { id, SOPInstanceUID }: StoredInstance): void => {
        failures.push(error);
        log.warn({ instanceId: id, sopUid: SOPInstanceUID, err: error }, 'derivatives not made yet');
      };
      /** A full pack is written while the next pictures are made. */
      const keepWaiting = async (): Promise<void> => {
        const pictures = waiting;
        waiting = [];
        try {
          if (pictures.length > 0) await keep(pictures);
        } catch (error) {
          for (const { instance } of pictures) failed(error, instance);
        }
      };
      // One more than there are threads, so that the next frame is read while one is decoded.
      const atOnce = readers();
      await inParallel(instances, pool.threads + 1, async (instance, lane) => {
        try {
          const stored = await atOnce(reader.stored(instance), lane);
          const head = readStoredHead(stored).then((read) => read.head);
          head.catch(() => {});
          const source = { SOPClassUID: instance.SOPClassUID, head: () => head, stored };
          const wanted = adjustments.get(instance.id);
          const parts = { pool, placeholder, lastAttempt, adjustment: wanted?.adjustment ?? null };
          waiting.push({
            instance,
            derived: await deriveInstance(source, parts),
            shown: await shownView(head),
            adjustment: wanted?.revision ?? 0,
          });
        } catch (error) {
          // Deleted while the job ran: nothing to show, nothing to repeat.
          if (!(error instanceof AppError && error.kind === 'not-found')) failed(error, instance);
          return;
        }
        if (waiting.reduce((sum, each) => sum + pictureBytes(each), 0) >= PACK_BYTES) await keepWaiting();
      });
      await keepWaiting();
      if (failures.length > 0) {
        throw new AppError(
          'unavailable',
          `${failures.length} of ${instances.length} images could not be derived yet.`,
          {
            cause: failures[0],
          },
        );
      }
      return { made, placeholders };
    },
  };
}
