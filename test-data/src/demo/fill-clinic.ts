import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { conflictOf, type Sending, type Visit } from './clinic.ts';
import { DEVICES } from './devices.ts';
import { createMakerPool } from './maker-pool.ts';
import { createProgress } from './progress.ts';
import { store, type DimseTarget } from './send-over-dimse.ts';
import { upload } from './upload.ts';

/** What was sent. */
export interface Filled {
  readonly objects: number;
  readonly bytes: number;
}

/** Sent at once: one association for each maker keeps both cores busy without crowding the server. */
const THREADS = Math.max(2, Math.min(8, availableParallelism()));

/**
 * Makes the visits in worker threads and sends them as their devices would. `uploadKey` is the credential of the photo
 * station; without it the camera sends its photographs too. @throws Error at the first thing that was not accepted.
 */
export const fillClinic = async (
  visits: readonly Visit[],
  server: { readonly url: string; readonly target: DimseTarget; readonly uploadKey: string | null },
  out?: NodeJS.WriteStream,
): Promise<Filled> => {
  const folder = await mkdtemp(join(tmpdir(), 'archwire-demo-'));
  const pool = createMakerPool(THREADS);
  const progress = createProgress(
    visits.reduce((sum, visit) => sum + visit.objects, 0),
    out,
  );
  const counts = { made: 0, sent: 0, bytes: 0 };
  const conflict = conflictOf(visits);

  const deliver = async (by: Sending['by'], files: readonly string[]): Promise<void> => {
    if (by === 'upload' && server.uploadKey !== null) {
      await upload(server.url, `Bearer ${server.uploadKey}`, files);
      return;
    }
    const { aeTitle } = DEVICES[by === 'upload' ? 'camera' : by];
    await store({ ...server.target, callingAe: aeTitle }, files);
  };

  /** One bit of the last pixel is another: what a device does that edits an image and keeps its UID. */
  const alter = async (file: string): Promise<void> => {
    const bytes = await readFile(file);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 2) ^ 1, bytes.length - 2);
    await writeFile(file, bytes);
  };

  const send = async ({ study, kind, by }: Sending): Promise<void> => {
    const { files, bytes } = await pool.make({ folder, study, kind });
    counts.made += files.length;
    progress.update(counts);
    await deliver(by, files);
    if (study.name === conflict?.study.name && kind === conflict.kind && files[0] !== undefined) {
      await alter(files[0]);
      await deliver(by, [files[0]]);
    }
    await Promise.all(files.map((file) => rm(file)));
    counts.sent += files.length;
    counts.bytes += bytes;
    progress.update(counts);
  };

  const queue = visits.flatMap(({ sendings }) => sendings);
  const next = async (): Promise<void> => {
    for (let sending = queue.shift(); sending !== undefined; sending = queue.shift()) await send(sending);
  };
  try {
    await Promise.all(Array.from({ length: THREADS + 1 }, next));
  } finally {
    progress.end();
    await pool.close();
    await rm(folder, { recursive: true, force: true });
  }
  return { objects: counts.sent, bytes: counts.bytes };
};
