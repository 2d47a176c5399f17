import { deflateRawSync } from 'node:zlib';

/** A value as the tests write it: text, 16-bit words, bytes as they are, or items of a sequence. */
type Value = string | readonly number[] | Buffer | readonly Elements[];
/** Elements by tag `GGGGEEEE` and VR: `'00280010 US': [4]`. Written in the order given. */
export interface Elements {
  readonly [tagAndVr: string]: Value;
}

const LONG_VRS = ['OB', 'OW', 'OV', 'OF', 'OD', 'SQ', 'UN', 'UT'];
const isItems = (value: Value): value is readonly Elements[] =>
  Array.isArray(value) && typeof value[0] === 'object';

function words(values: readonly number[], big: boolean): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [i, value] of values.entries()) {
    if (big) bytes.writeUInt16BE(value & 0xffff, i * 2);
    else bytes.writeUInt16LE(value & 0xffff, i * 2);
  }
  return bytes;
}

function valueBytes(value: Value, vr: string, big: boolean): Buffer {
  if (Buffer.isBuffer(value)) return value;
  if (typeof value === 'string') {
    return Buffer.from(value + (value.length % 2 === 0 ? '' : vr === 'UI' ? '\0' : ' '), 'latin1');
  }
  if (isItems(value)) {
    return Buffer.concat(
      value.map((item) => {
        const body = dataSet(item, big);
        return Buffer.concat([header('FFFEE000', undefined, body.length, big), body]);
      }),
    );
  }
  return words(
    value.filter((word) => typeof word === 'number'),
    big,
  );
}

function header(tag: string, vr: string | undefined, length: number, big: boolean): Buffer {
  const long = vr !== undefined && LONG_VRS.includes(vr);
  const bytes = Buffer.alloc(long ? 12 : 8);
  const u16 = (value: number, at: number) =>
    big ? bytes.writeUInt16BE(value, at) : bytes.writeUInt16LE(value, at);
  const u32 = (value: number, at: number) =>
    big ? bytes.writeUInt32BE(value, at) : bytes.writeUInt32LE(value, at);
  u16(Number.parseInt(tag.slice(0, 4), 16), 0);
  u16(Number.parseInt(tag.slice(4), 16), 2);
  if (vr === undefined) u32(length, 4);
  else {
    bytes.write(vr, 4, 'latin1');
    if (long) u32(length, 8);
    else u16(length, 6);
  }
  return bytes;
}

function dataSet(elements: Elements, big: boolean): Buffer {
  return Buffer.concat(
    Object.entries(elements).flatMap(([key, value]) => {
      const [tag = '', vr = ''] = key.split(' ');
      const bytes = valueBytes(value, vr, big);
      return [header(tag, vr, bytes.length, big), bytes];
    }),
  );
}

export interface TestObject {
  readonly transferSyntaxUid?: string;
  readonly sopClassUid?: string;
  readonly sopInstanceUid?: string;
  /** In tag order, without Pixel Data. */
  readonly elements: Elements;
  readonly pixelData?: Buffer;
  readonly pixelVr?: 'OB' | 'OW';
  /** Encapsulated: Basic Offset Table and fragments instead of `pixelData`. */
  readonly fragments?: { readonly table: readonly number[]; readonly values: readonly Buffer[] };
}

/** A Part 10 file of exactly these elements: hostile and odd shapes that no proper writer makes. */
export function part10(object: TestObject): Buffer {
  const uid = object.transferSyntaxUid ?? '1.2.840.10008.1.2.1';
  const big = uid === '1.2.840.10008.1.2.2';
  const identity: Elements = {
    '00080016 UI': object.sopClassUid ?? '1.2.840.10008.5.1.4.1.1.7',
    '00080018 UI': object.sopInstanceUid ?? '2.25.1',
    '0020000D UI': '2.25.2',
    '0020000E UI': '2.25.3',
  };
  const body = Buffer.concat([dataSet(identity, big), dataSet(object.elements, big), pixels(object, big)]);
  const meta = dataSet({ '00020010 UI': uid }, false);
  const deflated = uid === '1.2.840.10008.1.2.1.99' ? deflateRawSync(body) : body;
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), meta, deflated]);
}

function pixels({ pixelData, pixelVr, fragments }: TestObject, big: boolean): Buffer {
  if (fragments !== undefined) {
    const table = Buffer.alloc(4 * fragments.table.length);
    for (const [i, offset] of fragments.table.entries()) table.writeUInt32LE(offset, 4 * i);
    const items = [table, ...fragments.values].flatMap((value) => [
      header('FFFEE000', undefined, value.length, false),
      value,
    ]);
    return Buffer.concat([
      header('7FE00010', 'OB', 0xffffffff, false),
      ...items,
      header('FFFEE0DD', undefined, 0, false),
    ]);
  }
  if (pixelData === undefined) return Buffer.alloc(0);
  return Buffer.concat([header('7FE00010', pixelVr ?? 'OW', pixelData.length, big), pixelData]);
}

/** Image Pixel elements of a gray image; add or replace what the test is about. Keys stay in tag order. */
export const grayImage = (rows: number, columns: number, more: Elements = {}): Elements => {
  const all: Elements = {
    '00280002 US': [1],
    '00280004 CS': 'MONOCHROME2',
    '00280010 US': [rows],
    '00280011 US': [columns],
    '00280100 US': [16],
    '00280101 US': [16],
    '00280102 US': [15],
    '00280103 US': [0],
    ...more,
  };
  return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
};
