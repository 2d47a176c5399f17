import { availableParallelism } from 'node:os';
import { AppError } from '@archwire/contracts/app-error';
import { Piscina } from 'piscina';
import type { Htj2kGeometry } from '../recompress/htj2k-geometry.ts';
import type { LeftAlone } from '../recompress/left-alone.ts';
import type { RecompressedEntry } from '../recompress/recompress-bytes.ts';
import type { DecodedFrame } from './decode-frame.ts';
import type { DerivedImages } from './derive-images.ts';
import type { EncodedPicture } from './encode-picture.ts';
import type { PixelDescription } from './pixel-description.ts';
import type { PixelAnswer, PixelSuccess, PixelTask, PixelTaskName, PixelTasks } from './pixel-task.ts';
import type { Placeholder } from './placeholder.ts';
import type { RenderOptions } from './render-frame.ts';
import { createTurns } from './turns.ts';

/**
 * Decoding and rendering in worker threads. `bytes` is handed over to the thread: do not use it afterwards.
 * @throws AppError `invalid`, `unsupported`, `too-large` about the frame; `unavailable` when it took too long or the pool is closed.
 */
export interface PixelPool {
  /** Frames worked on at once; ask for more and they wait. */
  readonly threads: number;
  decode(description: PixelDescription, bytes: Buffer): Promise<DecodedFrame>;
  derive(description: PixelDescription, bytes: Buffer): Promise<DerivedImages>;
  /** An HTJ2K code stream, at `1 / 2^levels` of the frame's size (see `encodeFrame`). */
  encode(description: PixelDescription, bytes: Buffer, levels: number): Promise<Uint8Array>;
  render(description: PixelDescription, bytes: Buffer, options: RenderOptions): Promise<EncodedPicture>;
  placeholder(placeholder: Placeholder): Promise<DerivedImages>;
  /** `recompressBytes` in a thread. */
  recompress(bytes: Buffer, sha256: string): Promise<RecompressedEntry | LeftAlone>;
  /** `encodeHtj2k` and `decodeHtj2k` in a thread. */
  encodeHtj2k(samples: Buffer, geometry: Htj2kGeometry): Promise<Buffer>;
  decodeHtj2k(codestream: Buffer, geometry: Htj2kGeometry): Promise<Buffer>;
  close(): Promise<void>;
}

const HEAP_MB = 256;
/** Pictures live outside the heap; a small nursery keeps the thread small. */
const YOUNG_MB = 8;

/** No thread is started before the first task; threads end when idle, so that a server that only receives stays small. */
export function createPixelPool(
  options: {
    readonly threads?: number;
    /** One task's time; its thread is ended when it is over. */
    readonly timeoutMs?: number;
    readonly idleTimeoutMs?: number;
  } = {},
): PixelPool {
  const threads = options.threads ?? Math.max(2, Math.min(4, availableParallelism() - 1));
  const timeoutMs = options.timeoutMs ?? 30_000;
  const turns = createTurns(threads);
  let pool: Piscina<PixelTask, PixelAnswer> | undefined;
  let closed = false;

  const open = () =>
    (pool ??= new Piscina<PixelTask, PixelAnswer>({
      filename: new URL('./pixel-worker.ts', import.meta.url).href,
      minThreads: 0,
      maxThreads: threads,
      concurrentTasksPerWorker: 1,
      recordTiming: false,
      idleTimeout: options.idleTimeoutMs ?? 10_000,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: YOUNG_MB },
    }));

  const run = async (task: PixelTask, transferList: ArrayBuffer[]): Promise<PixelAnswer> => {
    await using _turn = await turns.take();
    if (closed) throw new AppError('unavailable', 'The server is shutting down. Try again.');
    // The clock starts with the turn: waiting behind others is not the frame's fault.
    const signal = AbortSignal.timeout(timeoutMs);
    return await open()
      .run(task, { transferList, signal })
      .catch((cause: unknown) => {
        throw failure(cause, signal.aborted);
      });
  };

  const ask = async <N extends PixelTaskName>(
    name: N,
    task: PixelTask,
    transferList: ArrayBuffer[] = [],
  ): Promise<PixelTasks[N]['output']> => {
    const answer = await run(task, transferList);
    if (isAnswerTo(answer, name)) return answer.output;
    if (answer.ok) throw new AppError('internal', 'A pixel thread answered another question.');
    throw new AppError(answer.kind, answer.message, { details: answer.details });
  };

  return {
    threads,
    decode: (description, bytes) => {
      const own = ownMemory(bytes);
      return ask('decode', { name: 'decode', input: { description, bytes: own } }, [own.buffer]);
    },
    derive: (description, bytes) => {
      const own = ownMemory(bytes);
      return ask('derive', { name: 'derive', input: { description, bytes: own } }, [own.buffer]);
    },
    encode: (description, bytes, levels) => {
      const own = ownMemory(bytes);
      return ask('encode', { name: 'encode', input: { description, bytes: own, levels } }, [own.buffer]);
    },
    render: (description, bytes, asked) => {
      const own = ownMemory(bytes);
      return ask('render', { name: 'render', input: { description, bytes: own, options: asked } }, [
        own.buffer,
      ]);
    },
    placeholder: (input) => ask('placeholder', { name: 'placeholder', input }),
    recompress: async (bytes, sha256) => {
      const own = ownMemory(bytes);
      const task = { name: 'recompress', input: { bytes: own, sha256 } } as const;
      const output = await ask('recompress', task, [own.buffer]);
      // A Buffer crosses threads as plain bytes.
      return typeof output === 'string' ? output : { ...output, entry: asBuffer(output.entry) };
    },
    encodeHtj2k: async (bytes, geometry) => {
      const own = ownMemory(bytes);
      const task = { name: 'encodeHtj2k', input: { bytes: own, geometry } } as const;
      return asBuffer(await ask('encodeHtj2k', task, [own.buffer]));
    },
    decodeHtj2k: async (bytes, geometry) => {
      const own = ownMemory(bytes);
      const task = { name: 'decodeHtj2k', input: { bytes: own, geometry } } as const;
      return asBuffer(await ask('decodeHtj2k', task, [own.buffer]));
    },
    close: async () => {
      closed = true;
      await pool?.destroy();
    },
  };
}

const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

const isAnswerTo = <N extends PixelTaskName>(
  answer: PixelAnswer,
  name: N,
): answer is PixelAnswer & PixelSuccess<N> => answer.ok && answer.name === name;

/** A view of part of a buffer (Node's pool, an inflated object) is copied: posting it would send the whole buffer along. */
function ownMemory(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = bytes;
  return buffer instanceof ArrayBuffer && byteOffset === 0 && buffer.byteLength === byteLength
    ? new Uint8Array(buffer)
    : new Uint8Array(bytes);
}

function failure(cause: unknown, timedOut: boolean): AppError {
  if (timedOut) {
    return new AppError('unavailable', 'Decoding the frame took too long and was stopped.', {
      cause,
      details: { reason: 'timeout' },
    });
  }
  if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return new AppError('too-large', 'The frame needs more memory than a pixel thread may use.', { cause });
  }
  return new AppError('unavailable', 'The pixel thread ended before it answered. Try again.', { cause });
}
