import { AppError, type IngestOutcome, type IngestSource } from '@archwire/contracts';
import { readInstanceHead } from '@archwire/dicom';
import type { Ingest, ObjectSink } from '../ingest/ingest.ts';
import { type ByteStream, peek } from './byte-stream.ts';
import { type ImportReason, isImportReason } from './import-reason.ts';
import type { FileKind } from './sniff.ts';

/** What became of the bytes of one file. */
export interface FileResult {
  readonly outcome: IngestOutcome | 'skipped' | 'unreadable' | 'refused';
  readonly reason: ImportReason | null;
  /** Of what is in the index now. */
  readonly sopInstanceUid: string | null;
}

/** The head of a bare data set, as far as it takes to learn what it is. */
const DATA_SET_HEAD = 256 * 1024;
const PREAMBLE = Buffer.concat([Buffer.alloc(128), Buffer.from('DICM', 'latin1')]);

/** A file that cannot be an image whatever one tries; anything else is the caller's to try again. */
export const failedResult = (error: unknown): FileResult => {
  if (!(error instanceof AppError) || error.kind !== 'invalid') throw error;
  const { reason } = error.details;
  if (reason === 'interrupted' || reason === 'size-mismatch') throw error;
  const known = isImportReason(reason) ? reason : 'structure';
  return { outcome: known === 'not-dicom' ? 'skipped' : 'unreadable', reason: known, sopInstanceUid: null };
};

const pour = async (sink: ObjectSink, bytes: ByteStream): Promise<void> => {
  for await (const chunk of bytes) {
    if (!sink.write(chunk)) await sink.drained();
  }
};

const finish = async (sink: ObjectSink, bytes: ByteStream): Promise<FileResult> => {
  try {
    await pour(sink, bytes);
  } catch (error) {
    await sink.abort();
    return failedResult(error);
  }
  try {
    const { header, indexed } = await sink.finish();
    return { outcome: await indexed, reason: null, sopInstanceUid: header.SOPInstanceUID };
  } catch (error) {
    return failedResult(error);
  }
};

/** A data set without group 2 gets one, as if it had come over DIMSE; its own bytes stay as they are. */
const storeDataSet = async (ingest: Ingest, source: IngestSource, bytes: ByteStream): Promise<FileResult> => {
  const { head, ended, all, leave } = await peek(bytes, DATA_SET_HEAD);
  try {
    const { header } = readInstanceHead(head, {
      totalLength: ended ? head.length : Number.MAX_SAFE_INTEGER,
    });
    const { SOPClassUID, SOPInstanceUID, TransferSyntaxUID } = header;
    return await finish(ingest.begin(source, { SOPClassUID, SOPInstanceUID, TransferSyntaxUID }), all);
  } catch (error) {
    await leave();
    // Hardly anything that lacks both DICM and group 2 is an image: what cannot be read is taken for something else.
    return failedResult(error) && { outcome: 'skipped', reason: 'not-dicom', sopInstanceUid: null };
  }
};

/**
 * Gives one file to the archive and waits for the index. A file without preamble gets one.
 * @throws whatever may pass by itself (storage, database), and what `bytes` throws about its connection; nothing is kept then.
 */
export const storeObject = async (
  ingest: Ingest,
  source: IngestSource,
  kind: Extract<FileKind, 'part10' | 'without-preamble' | 'data-set'>,
  bytes: ByteStream,
): Promise<FileResult> => {
  if (kind === 'data-set') return await storeDataSet(ingest, source, bytes);
  const sink = ingest.beginPart10(source);
  if (kind === 'without-preamble') sink.write(Buffer.from(PREAMBLE));
  return await finish(sink, bytes);
};
