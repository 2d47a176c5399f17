import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import type { SyntheticStudy } from '../dicom/modules.ts';
import { recordObjects, type RecordKind } from './records.ts';

/** What a thread is asked to make. */
export interface MakeRequest {
  readonly folder: string;
  readonly study: SyntheticStudy;
  readonly kind: RecordKind;
}
/** The files it made, or why not. */
export type MakeReply =
  { readonly files: readonly string[]; readonly bytes: number } | { readonly problem: string };

const make = async ({ folder, study, kind }: MakeRequest): Promise<MakeReply> => {
  const files: string[] = [];
  let bytes = 0;
  for await (const object of recordObjects(study, kind)) {
    const file = join(folder, `${randomUUID()}.dcm`);
    await writeFile(file, object);
    files.push(file);
    bytes += object.length;
  }
  return { files, bytes };
};

parentPort?.on('message', (request: MakeRequest) => {
  make(request)
    .catch((error: unknown) => ({
      problem: error instanceof Error ? (error.stack ?? error.message) : String(error),
    }))
    .then(
      (reply: MakeReply) => parentPort?.postMessage(reply),
      () => undefined,
    );
});
