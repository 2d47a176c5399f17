import { AppError, type Principal, requirePermission } from '@archwire/contracts';
import { IMPORT_LIMITS } from '@archwire/contracts/api/imports';
import { type ByteStream, peek } from './byte-stream.ts';
import { type FileProgress, findFile, type ImportFileRow, progressOf } from './import-file-row.ts';
import { enqueueOpening, type ImportParts } from './import-parts.ts';
import { importSource } from './import-source.ts';
import { type RecordedResult, recordFile } from './record-result.ts';
import { type FileKind, sniff, SNIFF_BYTES } from './sniff.ts';
import { sizeMismatch } from './spool.ts';
import { storeObject } from './store-object.ts';
import { isOfRecord, takeRecordFile } from './take-record-file.ts';

const { pieceBytes, wholeBytes } = IMPORT_LIMITS;

const closed = (): AppError =>
  new AppError('conflict', 'This import has ended and takes no more files. Begin a new one.', {
    details: { reason: 'import-ended' },
  });

const notThere = (): AppError =>
  new AppError('not-found', 'There is no such file in this import. Name it first.');

/** A sender that went away is nothing for the log of errors. */
async function* fromConnection(chunks: ByteStream): AsyncGenerator<Buffer> {
  try {
    yield* chunks;
  } catch (cause) {
    throw new AppError('invalid', 'The connection ended before the file did. Send it again.', {
      details: { reason: 'interrupted' },
      cause,
    });
  }
}

async function* ofSize(bytes: ByteStream, size: number): AsyncGenerator<Buffer> {
  let seen = 0;
  for await (const chunk of bytes) {
    seen += chunk.length;
    if (seen > size) throw sizeMismatch();
    yield chunk;
  }
  if (seen !== size) throw sizeMismatch();
}

export interface SentBytes {
  readonly importId: string;
  readonly fileId: string;
  readonly offset: number;
  readonly chunks: ByteStream;
  /** As announced. */
  readonly length: number | null;
}

/**
 * Takes the bytes of a file, or the next piece of a large one, no faster than they can be stored. Images go straight to the
 * archive; what must be opened first waits in pieces for a job. Repeating is safe: what is here answers where it stands.
 * @throws AppError `conflict` (`import-ended`; `offset`, with `received`), `invalid` (`size-mismatch`), `storage-full`.
 */
export const createReceiveFile = (parts: ImportParts) => {
  const { withTenant, ingest, spool, enqueue, assertRoom } = parts;

  const record = async (
    principal: Principal,
    file: ImportFileRow,
    result: RecordedResult,
  ): Promise<FileProgress> => {
    const at = { importId: file.import_id, fileId: file.id };
    const recorded = await recordFile(withTenant, principal.tenantId, principal, at, result);
    return recorded ?? (await current(principal, at));
  };

  const current = async (
    { tenantId }: Principal,
    { importId, fileId }: { readonly importId: string; readonly fileId: string },
  ): Promise<FileProgress> => {
    const row = await withTenant(tenantId, async (trx) => await findFile(trx, importId, fileId));
    if (row === undefined) throw notThere();
    return progressOf(row);
  };

  const skip = async (principal: Principal, file: ImportFileRow, reason: 'not-dicom' | 'empty') =>
    await record(principal, file, { outcome: 'skipped', reason, sopInstanceUid: null });

  /** `received` bytes are in the spool; all of them: a job opens the file. Only the first of two that say so goes on. */
  const advance = async (
    principal: Principal,
    file: ImportFileRow,
    from: number,
    received: number,
  ): Promise<FileProgress> => {
    const isWhole = received === file.size;
    const moved = await withTenant(principal.tenantId, async (trx) => {
      await trx('import_session').where({ id: file.import_id }).update({ active_at: trx.fn.now() });
      return await trx('import_file')
        .where({ id: file.id, received: from })
        .whereNot({ state: 'done' })
        .update({
          received,
          spooled: true,
          state: isWhole ? 'queued' : 'arriving',
          updated_at: trx.fn.now(),
        });
    });
    if (moved > 0 && isWhole) await enqueueOpening(enqueue, principal.tenantId, file.import_id, file.id);
    return await current(principal, { importId: file.import_id, fileId: file.id });
  };

  const takeImage = async (
    principal: Principal,
    file: ImportFileRow,
    kind: Extract<FileKind, 'part10' | 'without-preamble' | 'data-set'>,
    bytes: ByteStream,
  ): Promise<FileProgress> => {
    const source = importSource(principal.tenantId, file, principal.address);
    return await record(principal, file, await storeObject(ingest, source, kind, bytes));
  };

  const takeWhole = async (principal: Principal, file: ImportFileRow, sent: SentBytes) => {
    if (sent.offset !== 0 || (sent.length !== null && sent.length !== file.size)) throw sizeMismatch();
    if (file.size === 0) return await skip(principal, file, 'empty');
    if (isOfRecord(file)) {
      const read = async (): Promise<Buffer> =>
        Buffer.concat(await Array.fromAsync(ofSize(fromConnection(sent.chunks), file.size)));
      const { tenantId, address } = principal;
      return await record(principal, file, await takeRecordFile(parts, tenantId, file, address, read));
    }
    const { head, all, leave } = await peek(fromConnection(sent.chunks), SNIFF_BYTES);
    try {
      const kind = sniff(head);
      if (kind === 'other') return await skip(principal, file, 'not-dicom');
      if (kind !== 'zip' && kind !== 'directory')
        return await takeImage(principal, file, kind, ofSize(all, file.size));
      await spool.putAll(principal.tenantId, file.id, file.size, all);
      return await advance(principal, file, file.received, file.size);
    } finally {
      await leave();
    }
  };

  const takePiece = async (principal: Principal, file: ImportFileRow, sent: SentBytes) => {
    const { offset } = sent;
    const length = Math.min(pieceBytes, file.size - offset);
    if (offset !== file.received) {
      throw new AppError('conflict', 'This piece is not the next one. Ask how much of the file is here.', {
        details: { reason: 'offset', received: file.received },
      });
    }
    if (sent.length !== null && sent.length !== length) throw sizeMismatch();
    const { head, all, leave } = await peek(fromConnection(sent.chunks), SNIFF_BYTES);
    try {
      if (offset === 0 && !isOfRecord(file) && sniff(head) === 'other')
        return await skip(principal, file, 'not-dicom');
      await spool.putPiece(principal.tenantId, file.id, offset, length, all);
      return await advance(principal, file, offset, offset + length);
    } finally {
      await leave();
    }
  };

  return async (principal: Principal, sent: SentBytes): Promise<FileProgress> => {
    requirePermission(principal, 'imaging.study.store');
    const file = await withTenant(
      principal.tenantId,
      async (trx) => await findFile(trx, sent.importId, sent.fileId),
    );
    if (file === undefined) throw notThere();
    if (file.state === 'queued' || (file.state === 'done' && file.outcome !== 'missing'))
      return progressOf(file);
    if (file.session_state !== 'open') throw closed();
    assertRoom();
    return file.size <= wholeBytes
      ? await takeWhole(principal, file, sent)
      : await takePiece(principal, file, sent);
  };
};
