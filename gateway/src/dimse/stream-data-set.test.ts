// Real: the writer of fragments; the reader of PDUs that checks it.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PduReader } from './pdu-reader.ts';
import { streamDataSet } from './stream-data-set.ts';

interface Sent {
  readonly writes: readonly Buffer[];
  readonly dataSet: Buffer;
  readonly fragments: readonly { readonly contextId: number; readonly isCommand: boolean }[];
  readonly lasts: number;
}

const sendAll = async (chunks: readonly Buffer[], peerMaxPduLength: number): Promise<Sent> => {
  const writes: Buffer[] = [];
  await streamDataSet(chunks, {
    contextId: 9,
    peerMaxPduLength,
    send: async (bytes) => void writes.push(bytes),
  });
  const parts: Buffer[] = [];
  const fragments: { contextId: number; isCommand: boolean }[] = [];
  let lasts = 0;
  const reader = new PduReader(
    {
      expects: () => undefined,
      control: () => {
        throw new Error('only P-DATA-TF is expected');
      },
      fragment: (contextId, isCommand, bytes, last) => {
        if (lasts > 0) throw new Error('a fragment behind the last one');
        parts.push(bytes);
        fragments.push({ contextId, isCommand });
        if (last) lasts++;
      },
      fault: ({ reasonText }) => {
        throw new Error(reasonText);
      },
    },
    { maxPduLength: peerMaxPduLength || 131_072, maxControlPduLength: 1 },
  );
  for (const bytes of writes) reader.push(bytes);
  expect(reader.midPdu).toBe(false);
  return { writes, dataSet: Buffer.concat(parts), fragments, lasts };
};

test('what is sent is what was given, in fragments that the peer takes, one of them the last', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 70_000 }), { maxLength: 12 }),
      fc.constantFrom(0, 128, 1_000, 16_384, 131_072, 4_000_000_000),
      async (sizes, peerMaxPduLength) => {
        const chunks = sizes.map((size, n) => Buffer.alloc(size, n + 1));
        const sent = await sendAll(chunks, peerMaxPduLength);
        expect(sent.dataSet.equals(Buffer.concat(chunks))).toBe(true);
        expect(sent.lasts).toBe(1);
        expect(sent.fragments.every(({ contextId, isCommand }) => contextId === 9 && !isCommand)).toBe(true);
      },
    ),
    { numRuns: 150 },
  );
});

test('a data set that ends with a fragment has no empty one behind it; an empty one is one empty fragment', async () => {
  const full = 128 - 6;
  expect((await sendAll([Buffer.alloc(2 * full)], 128)).fragments.length).toBe(2);
  expect((await sendAll([], 128)).fragments.length).toBe(1);
});

test('more is read only when there is room for it', async () => {
  let given = 0;
  let taken = 0;
  let most = 0;
  const source = function* () {
    for (let n = 0; n < 200; n++) {
      given += 100_000;
      most = Math.max(most, given - taken);
      yield Buffer.alloc(100_000);
    }
  };
  const length = await streamDataSet(source(), {
    contextId: 1,
    peerMaxPduLength: 16_384,
    send: async (bytes) => {
      await new Promise((resolve) => setImmediate(resolve));
      taken += bytes.length;
    },
  });
  expect(length).toBe(20_000_000);
  expect(most).toBeLessThan(3_000_000);
});

test('what the source or the socket throws reaches the caller', async () => {
  const to = { contextId: 1, peerMaxPduLength: 0, send: async () => {} };
  const broken = async function* () {
    yield Buffer.alloc(10);
    throw new Error('gone');
  };
  await expect(streamDataSet(broken(), to)).rejects.toThrow('gone');
  const send = async () => {
    throw new Error('closed');
  };
  await expect(streamDataSet([Buffer.alloc(10)], { ...to, send })).rejects.toThrow('closed');
});
