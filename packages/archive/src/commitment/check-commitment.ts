import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, type InstanceLocation } from '@archwire/contracts';
import type { WithTenant } from '@archwire/database';
import type { Stores } from '../stores/create-stores.ts';
import { readLocation } from '../stores/read-location.ts';
import type { CommitmentReference } from '../commitment-request/commitment-requests.ts';
import { FAILURE_REASON, type CommitmentOutcome, type FailureReason } from './commitment.ts';

interface IndexedRow {
  readonly sop_uid: string;
  readonly sop_class: string;
  readonly store: string;
  readonly key: string;
  readonly offset: number;
  readonly length: number;
}

interface Deps {
  readonly withTenant: WithTenant;
  readonly stores: Stores;
}

/** Objects whose end is read at once. */
const READS = 16;
const AGAIN_MS = 250;

const find = async (
  { withTenant }: Deps,
  tenantId: string,
  uids: readonly string[],
): Promise<ReadonlyMap<string, IndexedRow>> =>
  await withTenant(tenantId, async (trx) => {
    const { rows }: { rows: IndexedRow[] } = await trx.raw(
      `select i.sop_uid, (select u.uid from uid_code u where u.code = i.sop_class) as sop_class,
              i.store, i.key, i."offset", i.length
         from unnest(?::text[]) as wanted(uid) join instance i on i.sop_uid = wanted.uid`,
      [[...uids]],
    );
    return new Map(rows.map((row) => [row.sop_uid, row]));
  });

const objectOf = ({ store, key }: IndexedRow): string => `${store}:${key}`;

/** Whether the object is there and reaches to the end of every range that the index has in it. */
const isWhole = async ({ stores }: Deps, tenantId: string, rows: readonly IndexedRow[]): Promise<boolean> => {
  // They do not overlap, and what lies recompressed is shorter than its length: who begins last ends last.
  const last = rows.reduce((a, b) => (a.offset >= b.offset ? a : b));
  const location: InstanceLocation = {
    store: last.store,
    key: last.key,
    offset: last.offset,
    length: last.length,
  };
  try {
    const end = await readLocation(stores, location, { offset: last.length - 1, length: 1 }, tenantId);
    return end.length === 1;
  } catch (error) {
    if (error instanceof AppError && (error.kind === 'not-found' || error.kind === 'range-not-satisfiable'))
      return false;
    throw error;
  }
};

/** The objects that are not what the index says. */
const brokenObjects = async (
  deps: Deps,
  tenantId: string,
  rows: Iterable<IndexedRow>,
): Promise<ReadonlySet<string>> => {
  const objects = [...Map.groupBy(rows, objectOf)];
  const broken = new Set<string>();
  for (let at = 0; at < objects.length; at += READS) {
    await Promise.all(
      objects.slice(at, at + READS).map(async ([object, ranges]) => {
        if (!(await isWhole(deps, tenantId, ranges))) broken.add(object);
      }),
    );
  }
  return broken;
};

const failureOf = (
  reference: CommitmentReference,
  row: IndexedRow | undefined,
  broken: ReadonlySet<string>,
): FailureReason | null => {
  if (row === undefined) return FAILURE_REASON.noSuchObjectInstance;
  if (row.sop_class !== reference.SOPClassUID) return FAILURE_REASON.classInstanceConflict;
  return broken.has(objectOf(row)) ? FAILURE_REASON.processingFailure : null;
};

/**
 * Says of each reference whether this archive is responsible for it from now on: the index has the instance with that SOP
 * class, and its bytes are where the index says, in the journal or in the object store, up to their last byte. Both are
 * flushed before C-STORE or settling answers. What the index does not know yet is looked for until `patientUntil`
 * (milliseconds since 1970), because Success comes before the index.
 * @throws AppError `unavailable` when a store or a node cannot be asked: ask again later, nothing is known.
 */
export const checkCommitment = async (
  deps: Deps,
  tenantId: string,
  references: readonly CommitmentReference[],
  patientUntil: number,
): Promise<CommitmentOutcome> => {
  const found = new Map<string, IndexedRow>();
  const look = async (uids: readonly string[]): Promise<void> => {
    for (const [uid, row] of await find(deps, tenantId, uids)) found.set(uid, row);
  };
  const missing = (): string[] => [
    ...new Set(references.map(({ SOPInstanceUID }) => SOPInstanceUID).filter((uid) => !found.has(uid))),
  ];
  await look(missing());
  while (missing().length > 0 && Date.now() < patientUntil) {
    await sleep(AGAIN_MS);
    await look(missing());
  }

  let broken = await brokenObjects(deps, tenantId, found.values());
  if (broken.size > 0) {
    // Settling may have moved them between the look-up and the read.
    const moved = [...found.values()].filter((row) => broken.has(objectOf(row)));
    await look(moved.map(({ sop_uid }) => sop_uid));
    broken = await brokenObjects(deps, tenantId, found.values());
  }

  const judged = references.map((reference) => ({
    reference,
    reason: failureOf(reference, found.get(reference.SOPInstanceUID), broken),
  }));
  return {
    committed: judged.flatMap(({ reference, reason }) => (reason === null ? [reference] : [])),
    failed: judged.flatMap(({ reference, reason }) =>
      reason === null ? [] : [{ ...reference, FailureReason: reason }],
    ),
  };
};
