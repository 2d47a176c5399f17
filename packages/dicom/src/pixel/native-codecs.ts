import { AppError } from '@archwire/contracts/app-error';
import codecs from 'dcmjs-codecs';
import type { CodestreamInfo } from './inspect-codestream.ts';
import type { PixelDescription } from './pixel-description.ts';

const { Context, NativeCodecs, log } = codecs;
const RECYCLE_BYTES = 64 * 1024 * 1024;
const DECODERS = {
  jpeg: (context: InstanceType<typeof Context>) =>
    NativeCodecs.decodeJpeg(context, { convertColorspaceToRgb: false }),
  'jpeg-ls': (context: InstanceType<typeof Context>) => NativeCodecs.decodeJpegLs(context),
  'jpeg-2000': (context: InstanceType<typeof Context>) => NativeCodecs.decodeJpeg2000(context),
  htj2k: (context: InstanceType<typeof Context>) => NativeCodecs.decodeHtJpeg2000(context),
};

/**
 * Decodes with the WebAssembly codecs, one instance per thread. The instance is thrown away after any failure (a throw leaves
 * its heap leaking) and after a large frame (its heap never shrinks).
 * @throws AppError `invalid` when the decoder refuses the stream.
 */
export async function decodeWithNativeCodecs(
  bytes: Buffer,
  coding: keyof typeof DECODERS,
  description: PixelDescription,
  stream: CodestreamInfo,
): Promise<{ data: Uint8Array; planar: boolean; bitsAllocated: number }> {
  if (!NativeCodecs.isInitialized()) {
    log.setLevel('silent');
    await NativeCodecs.initializeAsync();
  }
  const bitsAllocated = stream.precision > 8 ? 16 : 8;
  try {
    const decoded = DECODERS[coding](
      new Context({
        width: stream.columns,
        height: stream.rows,
        bitsAllocated,
        bitsStored: stream.precision,
        samplesPerPixel: stream.components,
        pixelRepresentation: description.signed ? 1 : 0,
        planarConfiguration: 0,
        photometricInterpretation:
          stream.components === 1 ? 'MONOCHROME2' : description.photometricInterpretation,
        encodedBuffer: bytes,
      }),
    );
    const data = decoded.getDecodedBuffer() ?? new Uint8Array(0);
    if (data.length + bytes.length > RECYCLE_BYTES) NativeCodecs.release();
    return {
      data,
      planar: stream.planar,
      bitsAllocated: decoded.getBitsAllocated() ?? bitsAllocated,
    };
  } catch (cause) {
    NativeCodecs.release();
    throw new AppError('invalid', 'The compressed frame is damaged: its decoder refuses it.', { cause });
  }
}
