import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { AppError, type JobPayload } from '@archwire/contracts';
import type { WithTenant } from '@archwire/database';
import { createPseudonyms, type PixelPool } from '@archwire/dicom';
import type { ObjectStore } from '@archwire/storage-adapters';
import type { InstanceReader } from '../retrieve/instance-reader.ts';
import type { StoredInstance } from '../retrieve/stored-instance.ts';
import { cleanRegions } from './clean-regions.ts';
import { BrokenObject, dicomFiles } from './dicom-files.ts';
import { createExportProgress } from './export-progress.ts';
import { type ExportRow, orderOf, SELECT_EXPORT } from './export-row.ts';
import { findExported, type ExportedInstance } from './find-exported.ts';
import { jpegFiles } from './jpeg-files.ts';
import { pseudonymSecret } from './pseudonym-secret.ts';
import { type ZipSource, zipStream } from './zip-stream.ts';

export interface ExportParts {
  readonly withTenant: WithTenant;
  readonly reader: Pick<InstanceReader, 'stored'>;
  readonly pixels: Pick<PixelPool, 'decode' | 'render'>;
  /** Where the files wait to be fetched. */
  readonly store: Pick<ObjectStore, 'put' | 'get' | 'delete'>;
}

/** Objects that break half-way and are then left out; an export of more is given up. */
const MAX_BROKEN = 20;

export const exportKey = (tenantId: string, exportId: string): string =>
  `exports/${tenantId}/${exportId}.zip`;

const stopped = (): AppError => new AppError('conflict', 'The export was stopped.');

/** The UID of a directory comes from a UUID (PS3.5 B.2). */
const newUid = (): string => `2.25.${BigInt(`0x${randomUUID().replaceAll('-', '')}`)}`;

/** A folder by the name of somebody, as every file system takes it. */
const folderName = (name: string): string =>
  name
    .replaceAll('^', ' ')
    .replace(/[^\p{L}\p{N} .-]/gu, '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 60) || 'patient';

type Load = (
  progress: ReturnType<typeof createExportProgress>,
  broken: ReadonlySet<number>,
) => AsyncGenerator<ZipSource>;

const pseudonymsFor = (secret: Buffer, project: string, exported: readonly ExportedInstance[]) => {
  const patients = new Map(exported.map(({ instance, patientId }) => [instance.id, patientId]));
  return ({ id, StudyInstanceUID }: StoredInstance) =>
    createPseudonyms(secret, project, patients.get(id) ?? `study ${StudyInstanceUID}`);
};

/**
 * Writes the ZIP file of an export, from where the objects lie straight into the object store. The same job again begins
 * anew; a stopped or finished export is left as it is.
 * @throws what a store or the database throws: the job is tried again, and the last time it is a failed export.
 */
export const createBuildExport = ({ withTenant, reader, pixels, store }: ExportParts) => {
  const load = async (tenantId: string, exportId: string) =>
    await withTenant(tenantId, async (trx) => {
      const { rows }: { rows: ExportRow[] } = await trx.raw(
        `update export_job set state = 'running', done = 0, left_out = '{}', updated_at = now()
          where id = ? and state in ('queued', 'running') returning id`,
        [exportId],
      );
      if (rows.length === 0) return undefined;
      const found: { rows: ExportRow[] } = await trx.raw(`${SELECT_EXPORT} where x.id = ?`, [exportId]);
      const [row] = found.rows;
      if (row === undefined) return undefined;
      const exported = await findExported(trx, { studyId: row.study_id, patientId: row.patient_id });
      await trx.raw('update export_job set total = ? where id = ?', [exported.length, exportId]);
      return { row, exported, secret: await pseudonymSecret(trx), regionsOf: await cleanRegions(trx) };
    });

  const write = async (tenantId: string, exportId: string, files: Load): Promise<void> => {
    const broken = new Set<number>();
    for (;;) {
      const progress = createExportProgress(async ({ done, leftOut }) => {
        const { rows }: { rows: unknown[] } = await withTenant(
          tenantId,
          async (trx) =>
            await trx.raw(
              `update export_job set done = ?, left_out = ?::jsonb, updated_at = now() where id = ? and state = 'running' returning id`,
              [done, JSON.stringify(leftOut), exportId],
            ),
        );
        if (rows.length === 0) throw stopped();
      });
      try {
        const key = exportKey(tenantId, exportId);
        const zip = zipStream(files(progress, broken));
        const { length } = await store.put(key, zip, { contentType: 'application/zip' });
        const { done, leftOut } = progress.figures();
        const isKept = await withTenant(tenantId, async (trx) => {
          const { rows }: { rows: unknown[] } = await trx.raw(
            `update export_job set state = 'done', done = ?, left_out = ?::jsonb, bytes = ?, object_key = ?, updated_at = now()
              where id = ? and state = 'running' returning id`,
            [done, JSON.stringify(leftOut), length, key, exportId],
          );
          return rows.length > 0;
        });
        if (!isKept) await store.delete(key);
        return;
      } catch (error) {
        const cause = error instanceof AppError && error.cause instanceof BrokenObject ? error.cause : error;
        if (!(cause instanceof BrokenObject) || broken.size >= MAX_BROKEN) throw error;
        broken.add(cause.instanceId);
      }
    }
  };

  return {
    build: async (
      { tenantId, exportId }: JobPayload<'build-export'>,
      { lastAttempt }: { readonly lastAttempt: boolean },
    ): Promise<void> => {
      const loaded = await load(tenantId, exportId);
      if (loaded === undefined) return;
      const { row, exported, secret, regionsOf } = loaded;
      const order = orderOf(row);
      const instances = exported;
      const files: Load = (progress, broken) =>
        order.format === 'jpeg'
          ? jpegFiles(
              instances,
              {
                reader,
                pixels,
                folder:
                  order.options.namedFolders && order.identity !== 'deidentified'
                    ? folderName(row.patient_name ?? '')
                    : null,
                wordsAt: order.identity === 'deidentified' ? regionsOf : null,
                withFaces: order.identity !== 'deidentified' || order.options.includeFaces,
              },
              progress,
            )
          : dicomFiles(
              instances,
              {
                reader,
                pixels,
                order,
                pseudonymsOf: pseudonymsFor(secret, order.options.project, instances),
                regionsOf,
              },
              progress,
              newUid(),
              broken,
            );
      try {
        await write(tenantId, exportId, files);
      } catch (error) {
        if (error instanceof AppError && error.kind === 'conflict') return;
        if (lastAttempt)
          await withTenant(tenantId, async (trx) => {
            await trx.raw(
              `update export_job set state = 'failed', updated_at = now() where id = ? and state = 'running'`,
              [exportId],
            );
          });
        throw error;
      }
    },
  };
};

export type BuildExport = ReturnType<typeof createBuildExport>;

/** Bytes of a finished export, or a range of them. */
export const exportBytes = async function* (
  store: Pick<ObjectStore, 'get'>,
  key: string,
  range: { readonly offset: number; readonly length: number },
): AsyncGenerator<Buffer> {
  const readable: Readable = await store.get(key, range);
  yield* readable;
};
