/** Length of every buffer of the pool. */
export const POOLED_LENGTH = 1_048_576;
/** 32 MB: what comes back beyond it is left to the garbage collector. */
const MOST_SPARE = 32;

const spare: Buffer[] = [];

/**
 * Memory for image bytes on their way through: what streams at full speed would otherwise make more garbage than the collector
 * takes away in passing. What `take` gives holds old bytes; `give` back only what nobody reads or writes any more.
 */
export const bufferPool = {
  take: (): Buffer => spare.pop() ?? Buffer.allocUnsafeSlow(POOLED_LENGTH),
  give: (buffer: Buffer): void => {
    if (spare.length < MOST_SPARE) spare.push(buffer);
  },
} as const;
