import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import codecs from 'dcmjs-codecs';
import { digestOf } from './decode-object.ts';
import { grayImage, part10, type Elements } from './part10.ts';

const { Context, NativeCodecs } = codecs;

/** An object made here, and the digest of the values it was made from where its coding keeps them. */
export interface MadeObject {
  readonly name: string;
  readonly bytes: Buffer;
  readonly source?: string;
}

const ROWS = 37;
const COLUMNS = 29;
const PIXELS = ROWS * COLUMNS;
const FRAMES = 3;
const RLE = '1.2.840.10008.1.2.5';
const HTJ2K = '1.2.840.10008.1.2.4.201';

/** A ramp with some noise, so that lossy coding stays near it: 0 to 2^bits - 1. */
const ramp = (count: number, bits: number): number[] =>
  Array.from({ length: count }, (_, i) =>
    Math.min(2 ** bits - 1, Math.floor((((i * 7) % PIXELS) / PIXELS) * 2 ** bits) + ((i * 37) % 5)),
  );

const bytesOf = (values: { readonly buffer: ArrayBufferLike }): Buffer => Buffer.from(values.buffer);
const words = (values: readonly number[]): Buffer => bytesOf(Uint16Array.from(values));
const depth = (allocated: number, stored: number, high = stored - 1, signed = 0): Elements => ({
  '00280100 US': [allocated],
  '00280101 US': [stored],
  '00280102 US': [high],
  '00280103 US': [signed],
});
const frames = (count = FRAMES): Elements => ({ '00280008 IS': String(count) });
const colour = (photometric: string, planar = 0): Elements => ({
  '00280002 US': [3],
  '00280004 CS': photometric,
  '00280006 US': [planar],
});
const image = (more: Elements): Elements => grayImage(ROWS, COLUMNS, more);
const padded = (bytes: Buffer): Buffer =>
  bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)]);
const planes = (bytes: Buffer): Buffer =>
  Buffer.concat([0, 1, 2].map((plane) => bytes.filter((_, i) => i % 3 === plane)));

const GRAY8 = Buffer.from(ramp(PIXELS, 8));
const GRAY8_FRAMES = Buffer.from(ramp(PIXELS * FRAMES, 8));
const GRAY12 = words(ramp(PIXELS, 12));
const GRAY12_FRAMES = words(ramp(PIXELS * FRAMES, 12));
const GRAY16 = words(ramp(PIXELS, 16));
const SIGNED16 = bytesOf(Int16Array.from(ramp(PIXELS, 16), (value) => value - 32_768));
const GRAY32 = bytesOf(Uint32Array.from(ramp(PIXELS, 32)));
const RGB8 = Buffer.from(ramp(PIXELS * 3, 8));
const RGB16 = words(ramp(PIXELS * 3, 16));

const gray8 = image(depth(8, 8));
const gray12 = image(depth(16, 12));
const rgb8 = image({ ...depth(8, 8), ...colour('RGB') });

const made = (name: string, object: Parameters<typeof part10>[0], source?: Buffer): MadeObject => ({
  name,
  bytes: part10(object),
  ...(source === undefined ? {} : { source: digestOf(source) }),
});

const native = (): MadeObject[] => {
  const high = bytesOf(Uint16Array.from(ramp(PIXELS, 12), (value) => (value << 4) | (value % 16)));
  const bits = ramp(PIXELS * FRAMES, 1);
  const packed = Buffer.alloc(Math.ceil(bits.length / 8));
  for (const [i, bit] of bits.entries()) packed[i >> 3] = (packed[i >> 3] ?? 0) | (bit << (i & 7));
  const even = grayImage(ROWS, 30, { ...depth(8, 8), ...colour('YBR_FULL_422') });
  const floats = bytesOf(Float32Array.from(ramp(PIXELS, 12), (value) => value / 7 - 100));
  const doubles = bytesOf(Float64Array.from(ramp(PIXELS, 12), (value) => value / 7 - 100));
  const palette: Elements = {
    '00280004 CS': 'PALETTE COLOR',
    ...Object.fromEntries(
      [1, 2, 3].flatMap((n) => [
        [`0028110${n} US`, [256, 0, 16]],
        [`0028120${n} OW`, words(ramp(256, 16))],
      ]),
    ),
  };
  const big = '1.2.840.10008.1.2.2';
  const swapped = (bytes: Buffer, unit: 16 | 32) =>
    unit === 16 ? Buffer.from(bytes).swap16() : Buffer.from(bytes).swap32();
  return [
    made(
      'frames of odd length',
      { elements: image({ ...depth(8, 8), ...frames() }), pixelData: padded(GRAY8_FRAMES), pixelVr: 'OB' },
      GRAY8_FRAMES,
    ),
    made('12 bits', { elements: gray12, pixelData: GRAY12 }, GRAY12),
    made('12 bits below bit 15, others set', { elements: image(depth(16, 12, 15)), pixelData: high }, GRAY12),
    made('signed', { elements: image(depth(16, 16, 15, 1)), pixelData: SIGNED16 }, SIGNED16),
    made('32 bits', { elements: image(depth(32, 32)), pixelData: GRAY32 }, GRAY32),
    made(
      '1-bit frames across bytes',
      { elements: image({ ...depth(1, 1), ...frames() }), pixelData: padded(packed), pixelVr: 'OB' },
      Buffer.from(bits),
    ),
    made('colour by pixel', { elements: rgb8, pixelData: padded(RGB8), pixelVr: 'OB' }, RGB8),
    made(
      'colour by plane',
      {
        elements: image({ ...depth(8, 8), ...colour('RGB', 1) }),
        pixelData: padded(planes(RGB8)),
        pixelVr: 'OB',
      },
      RGB8,
    ),
    made(
      'colour of 16 bits',
      { elements: image({ ...depth(16, 16), ...colour('RGB') }), pixelData: RGB16 },
      RGB16,
    ),
    made(
      'YBR by pixel',
      { elements: image({ ...depth(8, 8), ...colour('YBR_FULL') }), pixelData: padded(RGB8), pixelVr: 'OB' },
      RGB8,
    ),
    made('YBR subsampled', { elements: even, pixelData: Buffer.from(ramp(ROWS * 60, 8)), pixelVr: 'OB' }),
    made(
      'palette',
      { elements: image({ ...depth(8, 8), ...palette }), pixelData: padded(GRAY8), pixelVr: 'OB' },
      GRAY8,
    ),
    made('Float Pixel Data', { elements: { ...image(depth(32, 32)), '7FE00008 OF': floats } }, floats),
    made(
      'Double Float Pixel Data',
      { elements: { ...image(depth(64, 64)), '7FE00009 OD': doubles } },
      doubles,
    ),
    made(
      'big endian words',
      { transferSyntaxUid: big, elements: gray12, pixelData: swapped(GRAY12, 16) },
      GRAY12,
    ),
    made(
      'big endian bytes in words',
      { transferSyntaxUid: big, elements: gray8, pixelData: swapped(padded(GRAY8), 16) },
      GRAY8,
    ),
    made(
      'big endian double words',
      { transferSyntaxUid: big, elements: image(depth(32, 32)), pixelData: swapped(GRAY32, 32) },
      GRAY32,
    ),
    made(
      'deflated object',
      { transferSyntaxUid: '1.2.840.10008.1.2.1.99', elements: gray12, pixelData: GRAY12 },
      GRAY12,
    ),
    made(
      'deflated frames',
      {
        transferSyntaxUid: '1.2.840.10008.1.2.8.1',
        elements: image({ ...depth(1, 1), ...frames(2) }),
        fragments: { table: [], values: [0, 1].map((n) => padded(deflateRawSync(oneBitFrame(n)))) },
      },
      Buffer.from([0, 1].flatMap((n) => bitsIn(oneBitFrame(n)))),
    ),
  ];
};

const oneBitFrame = (n: number): Buffer =>
  Buffer.from(ramp(Math.ceil(PIXELS / 8), 8).map((value) => (value + n) & 255));
const bitsIn = (bytes: Buffer): number[] =>
  Array.from({ length: PIXELS }, (_, i) => ((bytes[i >> 3] ?? 0) >> (i & 7)) & 1);

/** Code streams of HTJ2K come from our own encoder, because neither DCMTK nor GDCM of this age writes them. */
const highThroughput = (): MadeObject[] =>
  [
    { name: 'by OpenJPH', elements: gray12, values: GRAY12, bits: 12, samples: 1 },
    {
      name: 'by OpenJPH, colour',
      elements: image({ ...depth(8, 8), ...colour('YBR_RCT') }),
      values: RGB8,
      bits: 8,
      samples: 3,
    },
  ].map(({ name, elements, values, bits, samples }) => {
    const context = new Context({
      width: COLUMNS,
      height: ROWS,
      bitsAllocated: bits > 8 ? 16 : 8,
      bitsStored: bits,
      samplesPerPixel: samples,
      pixelRepresentation: 0,
      planarConfiguration: 0,
      photometricInterpretation: samples === 3 ? 'RGB' : 'MONOCHROME2',
      decodedBuffer: values,
    });
    const stream = Buffer.from(
      NativeCodecs.encodeHtJpeg2000(context, { lossy: false }).getEncodedBuffer() ?? [],
    );
    return made(
      name,
      { transferSyntaxUid: HTJ2K, elements, fragments: { table: [], values: [padded(stream)] } },
      values,
    );
  });

/** RLE of one segment per byte plane, literal runs only. */
function rleFrame(samples: Buffer, bytesPerPixel: number): Buffer {
  const head = Buffer.alloc(64);
  head.writeUInt32LE(bytesPerPixel, 0);
  const segments: Buffer[] = [];
  let offset = 64;
  for (let plane = 0; plane < bytesPerPixel; plane++) {
    const bytes = samples.filter((_, i) => i % bytesPerPixel === bytesPerPixel - 1 - plane);
    const runs = Array.from({ length: Math.ceil(bytes.length / 128) }, (_, n) => {
      const run = bytes.subarray(n * 128, n * 128 + 128);
      return Buffer.concat([Buffer.from([run.length - 1]), run]);
    });
    const segment = padded(Buffer.concat(runs));
    head.writeUInt32LE(offset, 4 + 4 * plane);
    offset += segment.length;
    segments.push(segment);
  }
  return Buffer.concat([head, ...segments]);
}

/** The same frames with each table, or none; two fragments a frame, so that only a table or a marker can tell them apart. */
const offsetTables = (): MadeObject[] => {
  const streams = [0, 1, 2].map((n) =>
    rleFrame(GRAY12_FRAMES.subarray(n * PIXELS * 2, (n + 1) * PIXELS * 2), 2),
  );
  const starts = streams.map((_, n) => streams.slice(0, n).reduce((sum, { length }) => sum + length + 16, 0));
  const halves = streams.flatMap((stream) => [stream.subarray(0, 1000), stream.subarray(1000)]);
  const extended = Buffer.alloc(24);
  const lengths = Buffer.alloc(24);
  for (const [n, start] of starts.entries()) {
    extended.writeBigUInt64LE(BigInt(start), 8 * n);
    lengths.writeBigUInt64LE(BigInt(streams[n]?.length ?? 0), 8 * n);
  }
  const elements = image({ ...depth(16, 12), ...frames() });
  const object = (more: Elements, table: readonly number[], values: readonly Buffer[]) => ({
    transferSyntaxUid: RLE,
    elements: { ...elements, ...more },
    fragments: { table, values },
  });
  return [
    made('Basic Offset Table, two fragments a frame', object({}, starts, halves), GRAY12_FRAMES),
    made(
      'Extended Offset Table',
      object({ '7FE00001 OV': extended, '7FE00002 OV': lengths }, [], halves),
      GRAY12_FRAMES,
    ),
    made('no offset table', object({}, [], streams), GRAY12_FRAMES),
    made('an offset table that lies', object({}, [0, 7, 12], streams), GRAY12_FRAMES),
  ];
};

interface Encoding {
  readonly name: string;
  readonly command: readonly string[];
  readonly elements: Elements;
  readonly values: Buffer;
  readonly lossy?: true;
}

const ENCODINGS: readonly Encoding[] = [
  { name: 'implicit VR, by DCMTK', command: ['dcmconv', '+ti'], elements: gray12, values: GRAY12 },
  { name: 'RLE by DCMTK', command: ['dcmcrle'], elements: gray12, values: GRAY12 },
  { name: 'RLE by DCMTK, colour', command: ['dcmcrle'], elements: rgb8, values: RGB8 },
  { name: 'baseline by DCMTK', command: ['dcmcjpeg', '+eb'], elements: gray8, values: GRAY8, lossy: true },
  { name: 'baseline by DCMTK, YBR', command: ['dcmcjpeg', '+eb'], elements: rgb8, values: RGB8, lossy: true },
  {
    name: 'baseline by DCMTK, RGB',
    command: ['dcmcjpeg', '+eb', '+cr'],
    elements: rgb8,
    values: RGB8,
    lossy: true,
  },
  { name: 'extended by DCMTK', command: ['dcmcjpeg', '+ee'], elements: gray12, values: GRAY12, lossy: true },
  { name: 'lossless by DCMTK', command: ['dcmcjpeg', '+el'], elements: image(depth(16, 16)), values: GRAY16 },
  {
    name: 'lossless SV1 by DCMTK, signed',
    command: ['dcmcjpeg', '+e1'],
    elements: image(depth(16, 16, 15, 1)),
    values: SIGNED16,
  },
  {
    name: 'lossless SV1 by DCMTK, colour',
    command: ['dcmcjpeg', '+e1', '+cn'],
    elements: rgb8,
    values: RGB8,
  },
  { name: 'JPEG-LS by line, by DCMTK', command: ['dcmcjpls', '+il'], elements: rgb8, values: RGB8 },
  { name: 'JPEG-LS by sample, by DCMTK', command: ['dcmcjpls', '+is'], elements: rgb8, values: RGB8 },
  { name: 'JPEG-LS by plane, by DCMTK', command: ['dcmcjpls', '+in'], elements: rgb8, values: RGB8 },
  {
    name: 'JPEG-LS near-lossless, by DCMTK',
    command: ['dcmcjpls', '+en'],
    elements: gray12,
    values: GRAY12,
    lossy: true,
  },
  {
    name: 'JPEG-LS in fragments of 1 kB, no table',
    command: ['dcmcjpls', '-ot', '+fs', '1'],
    elements: image({ ...depth(16, 12), ...frames() }),
    values: GRAY12_FRAMES,
  },
  { name: 'JPEG 2000 by GDCM', command: ['gdcmconv', '--j2k'], elements: gray12, values: GRAY12 },
  {
    name: 'JPEG 2000 by GDCM, signed',
    command: ['gdcmconv', '--j2k'],
    elements: image(depth(16, 16, 15, 1)),
    values: SIGNED16,
  },
  { name: 'JPEG 2000 by GDCM, colour', command: ['gdcmconv', '--j2k'], elements: rgb8, values: RGB8 },
  {
    name: 'JPEG 2000 by GDCM, lossy',
    command: ['gdcmconv', '--j2k', '--lossy', '-r', '4'],
    elements: gray8,
    values: GRAY8,
    lossy: true,
  },
];

/** Objects of every coding and shape that a proper or odd writer makes; encoders of DCMTK and GDCM run in `folder`. */
export async function madeObjects(folder: string): Promise<readonly MadeObject[]> {
  if (!NativeCodecs.isInitialized()) await NativeCodecs.initializeAsync();
  const encoded = ENCODINGS.map(({ name, command, elements, values, lossy }): MadeObject => {
    const [from, to] = [join(folder, 'native.dcm'), join(folder, 'encoded.dcm')];
    const wide = elements['00280100 US'];
    writeFileSync(
      from,
      part10({
        elements,
        pixelData: padded(values),
        pixelVr: Array.isArray(wide) && wide[0] === 8 ? 'OB' : 'OW',
      }),
    );
    const [program = '', ...options] = command;
    execFileSync(program, [...options, from, to], { stdio: 'ignore' });
    return { name, bytes: readFileSync(to), ...(lossy ? {} : { source: digestOf(values) }) };
  });
  return [...native(), ...offsetTables(), ...encoded, ...highThroughput()];
}
