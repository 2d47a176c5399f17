import { AppError } from '@archwire/contracts/app-error';
import { decodeHtj2k } from '../recompress/decode-htj2k.ts';
import { encodeHtj2k } from '../recompress/encode-htj2k.ts';
import { recompressBytes } from '../recompress/recompress-bytes.ts';
import { decodeFrame } from './decode-frame.ts';
import { deriveImages } from './derive-images.ts';
import type { PixelAnswer, PixelTask } from './pixel-task.ts';
import { derivePlaceholder } from './placeholder.ts';
import { renderFrame } from './render-frame.ts';

const buffer = ({ buffer: memory, byteOffset, byteLength }: Uint8Array) =>
  Buffer.from(memory, byteOffset, byteLength);

async function perform(task: PixelTask): Promise<PixelAnswer> {
  switch (task.name) {
    case 'decode':
      return {
        ok: true,
        name: task.name,
        output: await decodeFrame(task.input.description, buffer(task.input.bytes)),
      };
    case 'derive':
      return {
        ok: true,
        name: task.name,
        output: await deriveImages(task.input.description, buffer(task.input.bytes)),
      };
    case 'encode': {
      const { description, bytes, levels } = task.input;
      const { encodeFrame } = await import('./encode-frame.ts');
      return { ok: true, name: task.name, output: await encodeFrame(description, buffer(bytes), levels) };
    }
    case 'render': {
      const { description, bytes, options } = task.input;
      return { ok: true, name: task.name, output: await renderFrame(description, buffer(bytes), options) };
    }
    case 'recompress': {
      const { bytes, sha256 } = task.input;
      return { ok: true, name: task.name, output: await recompressBytes(buffer(bytes), sha256) };
    }
    case 'encodeHtj2k':
      return {
        ok: true,
        name: task.name,
        output: await encodeHtj2k(buffer(task.input.bytes), task.input.geometry),
      };
    case 'decodeHtj2k':
      return {
        ok: true,
        name: task.name,
        output: await decodeHtj2k(buffer(task.input.bytes), task.input.geometry),
      };
    default:
      return { ok: true, name: task.name, output: await derivePlaceholder(task.input) };
  }
}

/** The body of a pixel thread. */
export default async function pixelWorker(task: PixelTask): Promise<PixelAnswer> {
  try {
    return await perform(task);
  } catch (error) {
    if (error instanceof AppError) {
      return { ok: false, kind: error.kind, message: error.message, details: error.details };
    }
    const cause = error instanceof Error ? error.message : String(error);
    return { ok: false, kind: 'internal', message: 'The frame could not be rendered.', details: { cause } };
  }
}
