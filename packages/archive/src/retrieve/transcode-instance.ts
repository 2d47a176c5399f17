import { AppError } from '@archwire/contracts';
import { TRANSCODE_TARGETS, transcodeDataSet, type PixelPool, type StoredBytes } from '@archwire/dicom';
import type { TranscodeCache } from './transcode-cache.ts';
import { readStoredHead } from './instance-reader.ts';

/**
 * The data set of a stored Part 10 object in an uncompressed transfer syntax, for a peer that does not take the stored one; see
 * `transcodeDataSet`. With a cache what was made once is not made again while it is kept. The first piece comes when it is known that it can be done.
 * @throws AppError `unsupported`, `too-large` or `invalid` when it cannot; what `stored.read` throws.
 */
export async function* transcodeInstance(
  stored: StoredBytes,
  pixels: Pick<PixelPool, 'decode'>,
  transferSyntaxUid: string,
  cache?: TranscodeCache,
): AsyncGenerator<Buffer, void, undefined> {
  const target = TRANSCODE_TARGETS.find((uid) => uid === transferSyntaxUid);
  if (target === undefined)
    throw new AppError('unsupported', 'Objects are rewritten to uncompressed transfer syntaxes only.', {
      details: { TransferSyntaxUID: transferSyntaxUid },
    });
  const make = async function* () {
    const { head } = await readStoredHead(stored);
    yield* await transcodeDataSet({ head, stored, decode: pixels.decode }, target);
  };
  if (cache === undefined || stored.version === undefined) yield* make();
  else yield* cache.through(`${stored.version}/${target}`, make);
}
