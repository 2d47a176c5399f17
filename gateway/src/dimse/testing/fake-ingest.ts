import { createHash } from 'node:crypto';
import type { Ingest, ObjectSink, StoreCommand } from '@archwire/archive';
import { AppError, type IngestSource, type InstanceHeader } from '@archwire/contracts';
import { NO_ATTRIBUTES } from './no-attributes.ts';

export interface KeptObject {
  readonly source: IngestSource;
  readonly command: StoreCommand;
  readonly length: number;
  readonly sha256: string;
}

export interface FakeIngestOptions {
  /** Throws from `begin`: nothing can be taken. */
  readonly beginError?: () => Error | undefined;
  /** Throws from `finish`: the bytes cannot be kept. */
  readonly finishError?: () => Error | undefined;
  /** Throws from `write`, against the contract of the door: a bug must not end the process either. */
  readonly writeError?: () => Error | undefined;
  /** Bytes after which `write` says no until the next turn of the event loop. */
  readonly highWater?: number;
  /** Waits before `finish` resolves. */
  readonly finishDelayMs?: number;
}

const header = (command: StoreCommand): InstanceHeader => ({ ...NO_ATTRIBUTES, ...command });

/** The door for bytes, in memory: remembers a digest of each object and how many sinks are open. */
export class FakeIngest implements Ingest {
  readonly kept: KeptObject[] = [];
  readonly #options: FakeIngestOptions;
  begun = 0;
  finished = 0;
  aborted = 0;
  drains = 0;
  writes = 0;

  constructor(options: FakeIngestOptions = {}) {
    this.#options = options;
  }

  get open(): number {
    return this.begun - this.finished - this.aborted;
  }

  begin(source: IngestSource, command: StoreCommand): ObjectSink {
    const options = this.#options;
    const beginError = options.beginError?.();
    if (beginError) throw beginError;
    this.begun++;
    const hash = createHash('sha256');
    let length = 0;
    let sinceDrain = 0;
    let over = false;
    return {
      write: (chunk) => {
        const writeError = options.writeError?.();
        if (writeError) throw writeError;
        this.writes++;
        hash.update(chunk);
        length += chunk.length;
        sinceDrain += chunk.length;
        return options.highWater === undefined || sinceDrain < options.highWater;
      },
      drained: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        sinceDrain = 0;
        this.drains++;
      },
      finish: async () => {
        if (options.finishDelayMs !== undefined) {
          await new Promise((resolve) => setTimeout(resolve, options.finishDelayMs));
        }
        over = true;
        this.finished++;
        const finishError = options.finishError?.();
        if (finishError) throw finishError;
        this.kept.push({ source, command, length, sha256: hash.digest('hex') });
        return {
          header: header(command),
          location: { store: 'journal', key: 'k', offset: 0, length },
          byteLength: length,
          indexed: Promise.resolve('stored' as const),
        };
      },
      abort: async () => {
        if (over) return;
        over = true;
        this.aborted++;
      },
    };
  }

  beginPart10(): ObjectSink {
    throw new AppError('unsupported', 'DIMSE brings data sets, not files.');
  }
}
