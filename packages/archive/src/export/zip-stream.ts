import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { ZipFile } from 'yazl';

/** One file of an archive: its path with slashes, and its bytes, read when their turn has come. */
export interface ZipSource {
  readonly path: string;
  readonly bytes: AsyncIterable<Buffer>;
  /** Compressed already: deflating would take time and save nothing. */
  readonly stored: boolean;
}

/** A fast level: images shrink little more with a thorough one. */
const LEVEL = 1;
const EARLIEST = new Date('1980-01-01T00:00:00Z');

/**
 * A ZIP file (with ZIP64 where it is needed) of files that come one after the other. In memory is what the reader has not
 * taken yet; the next file is asked for when the last one is through. What `sources` throws ends the stream with an error.
 */
export const zipStream = (sources: AsyncIterable<ZipSource>): Readable => {
  const zip = new ZipFile();
  const out = new PassThrough();
  zip.on('error', (error: unknown) => out.destroy(error instanceof Error ? error : new Error('No archive.')));
  const source = Readable.from(zip.outputStream, { objectMode: false });
  source.on('error', (error) => out.destroy(error));
  source.pipe(out);
  const write = async (): Promise<void> => {
    for await (const { path, bytes, stored } of sources) {
      if (out.destroyed) return;
      const input = Readable.from(bytes, { objectMode: false });
      const through = finished(input, { writable: false });
      zip.addReadStream(input, path, {
        mtime: EARLIEST,
        compress: !stored,
        ...(stored ? {} : { compressionLevel: LEVEL }),
      });
      // Whoever stopped reading will not take the rest.
      await Promise.race([through, once(out, 'close')]);
    }
    zip.end();
  };
  write().catch((error: unknown) =>
    out.destroy(error instanceof Error ? error : new Error('The archive cannot be written.')),
  );
  return out;
};
