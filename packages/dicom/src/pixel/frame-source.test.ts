// Real: the reader, frame location, deflate. Objects are written here byte by byte, to have shapes that no writer makes.
import { describe, expect, it } from 'vitest';
import { readInstanceHead } from '../read-instance-head.ts';
import { frameSource } from './frame-source.ts';
import { storedBuffer, type StoredBytes } from './stored-bytes.ts';
import { grayImage, part10, type TestObject } from './testing/part10.ts';

const open = (object: TestObject) => {
  const bytes = part10(object);
  return { bytes, source: frameSource(readInstanceHead(bytes), storedBuffer(bytes)) };
};
const allFrames = async (object: TestObject) => {
  const { source } = open(object);
  const frames = [];
  for (let n = 1; n <= source.count; n++) frames.push((await source.frame(n)).toString('hex'));
  return frames;
};
const rangesJoined = async (object: TestObject, frameNumber: number) => {
  const { bytes, source } = open(object);
  const ranges = await source.frameRanges(frameNumber);
  return ranges && Buffer.concat(ranges.map(({ offset, length }) => bytes.subarray(offset, offset + length)));
};

const eightBit = { '00280100 US': [8], '00280101 US': [8], '00280102 US': [7] };
/** Three 3 × 3 frames of 8 bits: 27 bytes and the padding of the whole value. */
const odd: TestObject = {
  elements: grayImage(3, 3, { ...eightBit, '00280008 IS': '3' }),
  pixelData: Buffer.from([...Array.from({ length: 27 }, (_, i) => i), 0]),
};
const fragment = (start: string, length: number, fill: number) =>
  Buffer.concat([Buffer.from(start, 'hex'), Buffer.alloc(length, fill)]);
const encapsulated = (count: number, table: readonly number[], values: readonly Buffer[]): TestObject => ({
  transferSyntaxUid: '1.2.840.10008.1.2.4.50',
  elements: grayImage(4, 4, { ...eightBit, '00280008 IS': String(count) }),
  fragments: { table, values },
});
const soi1 = fragment('ffd8ffe0', 8, 1);
const rest1 = fragment('01020304', 6, 1);
const soi2 = fragment('ffd8ffe0', 4, 2);
const soi3 = fragment('ffd8ffe0', 2, 3);

describe('native frames', () => {
  it('of odd length follow one another without padding', async () => {
    expect(await allFrames(odd)).toEqual(['000102030405060708', '090a0b0c0d0e0f1011', '12131415161718191a']);
    expect(await rangesJoined(odd, 2)).toEqual(Buffer.from('090a0b0c0d0e0f1011', 'hex'));
  });

  it('of one bit per pixel are realigned, and have no range of their own when they start inside a byte', async () => {
    const bits: TestObject = {
      elements: grayImage(3, 3, {
        '00280008 IS': '2',
        '00280100 US': [1],
        '00280101 US': [1],
        '00280102 US': [0],
      }),
      // First frame 1 1 1 1 1 1 1 1 1, second 0 1 0 1 0 1 0 1 0: bit 9 onwards.
      pixelData: Buffer.from([0xff, 0b0101_0101, 0b01, 0]),
    };
    const [first, second] = await allFrames(bits);
    expect(first).toBe('ff55');
    expect(Number.parseInt(second?.slice(0, 2) ?? '', 16)).toBe(0b1010_1010);
    expect(await rangesJoined(bits, 1)).toEqual(Buffer.from('ff55', 'hex'));
    expect(await rangesJoined(bits, 2)).toBeNull();
  });

  it('of a big endian object come little endian: 16-bit words, and 8-bit pairs only when the VR is OW', async () => {
    const big = { transferSyntaxUid: '1.2.840.10008.1.2.2' };
    const words = { ...big, elements: grayImage(1, 2, {}), pixelData: Buffer.from('01020304', 'hex') };
    expect(await allFrames(words)).toEqual(['02010403']);
    expect(await rangesJoined(words, 1)).toBeNull();
    const pairs: TestObject = {
      ...big,
      elements: grayImage(1, 3, { ...eightBit, '00280008 IS': '2' }),
      pixelData: Buffer.from('020104030605', 'hex'),
    };
    expect(await allFrames({ ...pairs, pixelVr: 'OW' })).toEqual(['010203', '040506']);
    expect(await allFrames({ ...pairs, pixelVr: 'OB' })).toEqual(['020104', '030605']);
  });

  it('of a deflated object are found after inflating it', async () => {
    const deflated = { ...odd, transferSyntaxUid: '1.2.840.10008.1.2.1.99' };
    expect(await allFrames(deflated)).toEqual(await allFrames(odd));
    expect(open(deflated).source.transferSyntaxUid).toBe('1.2.840.10008.1.2.1');
    expect(await rangesJoined(deflated, 1)).toBeNull();
  });

  it('that lie beyond the end are an error that says so; the frames before are served', async () => {
    const { source } = open({ ...odd, pixelData: odd.pixelData?.subarray(0, 18) ?? Buffer.alloc(0) });
    expect((await source.frame(2)).length).toBe(9);
    await expect(source.frame(3)).rejects.toMatchObject({ kind: 'invalid', details: { frameNumber: 3 } });
  });

  it('outside of Number of Frames do not exist', async () => {
    const { source } = open(odd);
    for (const n of [0, 4, 1.5]) {
      await expect(source.frame(n)).rejects.toMatchObject({ kind: 'not-found' });
      await expect(source.frameRanges(n)).rejects.toMatchObject({ kind: 'not-found' });
    }
  });
});

describe('encapsulated frames', () => {
  const frames = [Buffer.concat([soi1, rest1]), soi2, soi3].map((bytes) => bytes.toString('hex'));
  const values = [soi1, rest1, soi2, soi3];
  const offsets = [0, soi1.length + rest1.length + 16, soi1.length + rest1.length + soi2.length + 24];

  it('are found by the Basic Offset Table', async () => {
    expect(await allFrames(encapsulated(3, offsets, values))).toEqual(frames);
    expect(await rangesJoined(encapsulated(3, offsets, values), 1)).toEqual(Buffer.concat([soi1, rest1]));
  });

  it('are found without a table by their start-of-image markers', async () => {
    expect(await allFrames(encapsulated(3, [], values))).toEqual(frames);
  });

  it('are found by the Extended Offset Table', async () => {
    const table = Buffer.alloc(24);
    for (const [i, offset] of offsets.entries()) table.writeBigUInt64LE(BigInt(offset), 8 * i);
    const object = encapsulated(3, [], values);
    expect(await allFrames({ ...object, elements: { ...object.elements, '7FE00001 OV': table } })).toEqual(
      frames,
    );
  });

  it('are found although the table points nowhere, or has too few entries', async () => {
    expect(await allFrames(encapsulated(3, [0, 5, 7], values))).toEqual(frames);
    expect(await allFrames(encapsulated(3, [0], values))).toEqual(frames);
  });

  it('are one fragment each when the numbers agree, whatever the fragments look like', async () => {
    expect(await allFrames(encapsulated(2, [], [rest1, soi2]))).toEqual(
      [rest1, soi2].map((b) => b.toString('hex')),
    );
  });

  it('are all fragments when there is one frame', async () => {
    expect(await allFrames(encapsulated(1, [], values))).toEqual([Buffer.concat(values).toString('hex')]);
  });

  it('that cannot be told apart, or whose fragment is longer than the object, are an error', async () => {
    await expect(open(encapsulated(5, [], values)).source.frame(1)).rejects.toMatchObject({
      kind: 'invalid',
      details: { fragments: 4, framesFound: 3, NumberOfFrames: 5 },
    });
    const whole = part10(encapsulated(1, [], [soi1]));
    const cut = whole.subarray(0, whole.length - 12);
    await expect(frameSource(readInstanceHead(cut), storedBuffer(cut)).frame(1)).rejects.toMatchObject({
      kind: 'invalid',
    });
  });
});

describe('a large stored object', () => {
  /** Looks like an object of `length` bytes of which only the first exist; counts what is read. */
  const counting = (head: Buffer, length: number) => {
    let read = 0;
    const stored: StoredBytes = {
      length,
      read: async (offset, size) => {
        read += size;
        const bytes = Buffer.alloc(size);
        if (offset < head.length) head.copy(bytes, 0, offset);
        return bytes;
      },
    };
    return { stored, bytesRead: () => read };
  };

  it('of 1 GB gives one native frame by reading that frame only', async () => {
    const frames = 4096;
    const head = part10({
      elements: grayImage(362, 362, { '00280008 IS': String(frames) }),
      pixelData: Buffer.alloc(0),
    });
    const length = 362 * 362 * 2 * frames;
    head.writeUInt32LE(length, head.length - 4);
    const { stored, bytesRead } = counting(head, head.length + length);
    const frame = await frameSource(readInstanceHead(head), stored).frame(3000);
    expect([frame.length, bytesRead()]).toEqual([362 * 362 * 2, 362 * 362 * 2]);
  });

  it('with a frame too large for memory gives its range, not its bytes', async () => {
    const head = part10({ elements: grayImage(20_000, 20_000), pixelData: Buffer.alloc(0) });
    const length = 20_000 * 20_000 * 2;
    head.writeUInt32LE(length, head.length - 4);
    const { stored, bytesRead } = counting(head, head.length + length);
    const source = frameSource(readInstanceHead(head), stored);
    await expect(source.frame(1)).rejects.toMatchObject({ kind: 'too-large' });
    expect([await source.frameRanges(1), bytesRead()]).toEqual([[{ offset: head.length, length }], 0]);
  });

  it('gives one encapsulated frame by its offset table without walking the others', async () => {
    const values = Array.from({ length: 200 }, (_, i) => fragment('ffd8ffe0', 100_000, i));
    const table = values.map((_, i) => i * (100_004 + 8));
    const bytes = part10(encapsulated(200, table, values));
    const { stored, bytesRead } = counting(bytes, bytes.length);
    const frame = await frameSource(readInstanceHead(bytes), stored).frame(150);
    expect(frame.equals(values[149] ?? Buffer.alloc(0))).toBe(true);
    expect(bytesRead()).toBeLessThan(200_000);
  });
});
