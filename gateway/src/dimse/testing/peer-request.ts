import { COMMAND, LAST, pData, pdv } from './peer-pdus.ts';

const element = (number: number, value: Buffer): Buffer => {
  const head = Buffer.alloc(8);
  head.writeUInt16LE(number, 2);
  head.writeUInt32LE(value.length, 4);
  return Buffer.concat([head, value]);
};

const bytesOf = (value: number | string): Buffer => {
  if (typeof value === 'string') return Buffer.from(value.length % 2 ? `${value}\0` : value, 'latin1');
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
};

/**
 * Any request as a peer sends it, in two halves, so that a test may stop between them: the command set, whose elements are
 * given by the lower half of their tags, and the fragments of its data set.
 */
export const peerRequest = (
  contextId: number,
  elements: Readonly<Record<number, number | string>>,
  dataSet: Buffer | null,
): { readonly command: Buffer; readonly fragments: readonly Buffer[]; readonly whole: Buffer } => {
  const all = { ...elements, 0x0800: dataSet === null ? 0x0101 : 0x0000 };
  const body = Buffer.concat(
    Object.entries(all)
      .map(([number, value]): readonly [number, Buffer] => [Number(number), bytesOf(value)])
      .toSorted(([a], [b]) => a - b)
      .map(([number, value]) => element(number, value)),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  const command = pData(pdv(contextId, COMMAND | LAST, Buffer.concat([element(0x0000, length), body])));
  const fragments: Buffer[] = [];
  const half = dataSet === null ? 0 : Math.ceil(dataSet.length / 2);
  if (dataSet !== null)
    fragments.push(
      pData(pdv(contextId, 0, dataSet.subarray(0, half))),
      pData(pdv(contextId, LAST, dataSet.subarray(half))),
    );
  return { command, fragments, whole: Buffer.concat([command, ...fragments]) };
};
