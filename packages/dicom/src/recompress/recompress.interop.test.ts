// Real: OpenJPH in WebAssembly; pydicom reads what was written; the sample collection where it is there.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { pixelDigest } from '../pixel/testing/decode-object.ts';
import { readSample, sampleFiles } from '../pixel/testing/samples.ts';
import { storedBuffer } from '../pixel/stored-bytes.ts';
import {
  EXPLICIT_VR_BIG_ENDIAN,
  EXPLICIT_VR_LITTLE_ENDIAN,
  IMPLICIT_VR_LITTLE_ENDIAN,
  part10,
  UIDS,
  type TestElement,
} from '../testing/write-object.ts';
import { decodeHtj2k } from './decode-htj2k.ts';
import { separated } from './frame-samples.ts';
import type { Htj2kGeometry } from './htj2k-geometry.ts';
import { recompressBytes } from './recompress-bytes.ts';
import { openRecompressed, restoredBytes } from './restored-bytes.ts';
import { geometryWithSamples, smoothSamples } from './testing/samples-of-geometry.ts';

const folder = mkdtempSync(join(tmpdir(), 'archwire-recompress-'));
afterAll(() => rmSync(folder, { recursive: true }));

const sha = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const recompress = async (bytes: Buffer) => await recompressBytes(bytes, sha(bytes));

interface Form {
  readonly transferSyntaxUid?: string;
  readonly planar?: boolean;
  readonly frames?: number;
  readonly extra?: readonly TestElement[];
  readonly padding?: number;
}

const PRIVATE: readonly TestElement[] = [
  [0x00090010, 'LO', 'ARCHWIRE TEST'],
  [0x00091001, 'OB', Buffer.from([1, 2, 3, 4])],
];

const object = (geometry: Htj2kGeometry, samples: Buffer, form: Form = {}): Buffer => {
  const { rows, columns, samplesPerPixel, bitsAllocated, bitsStored, signed } = geometry;
  const { frames = 1, planar = false, padding = 0, extra = [] } = form;
  const one = planar ? separated(samples, samplesPerPixel, bitsAllocated / 8) : samples;
  const pixels = Buffer.concat([...Array.from({ length: frames }, () => one), Buffer.alloc(padding)]);
  const elements: TestElement[] = [
    ...UIDS,
    ...PRIVATE,
    [0x00100010, 'PN', 'Doe^Jane'],
    [0x00280002, 'US', [samplesPerPixel]],
    [0x00280004, 'CS', samplesPerPixel === 3 ? 'RGB' : 'MONOCHROME2'],
    ...(samplesPerPixel === 3 ? [[0x00280006, 'US', [planar ? 1 : 0]] as const] : []),
    [0x00280008, 'IS', String(frames)],
    [0x00280010, 'US', [rows]],
    [0x00280011, 'US', [columns]],
    [0x00280100, 'US', [bitsAllocated]],
    [0x00280101, 'US', [bitsStored]],
    [0x00280102, 'US', [bitsStored - 1]],
    [0x00280103, 'US', [signed ? 1 : 0]],
    [0x7fe00010, bitsAllocated === 8 ? 'OB' : 'OW', pixels],
    ...extra,
  ];
  return part10(elements, form.transferSyntaxUid ?? EXPLICIT_VR_LITTLE_ENDIAN);
};

/** The recompressed Part 10 object and the bytes put back. */
const opened = async (entry: Buffer) => {
  const found = await openRecompressed(storedBuffer(entry));
  const restored = restoredBytes(found, decodeHtj2k);
  return {
    ...found,
    restored,
    part10: await found.recompressed.read(0, found.recompressed.length),
    original: await restored.read(0, restored.length),
  };
};

const gray: Htj2kGeometry = {
  rows: 200,
  columns: 300,
  samplesPerPixel: 1,
  bitsAllocated: 16,
  bitsStored: 12,
  signed: false,
};

const SAME = `
import sys, pydicom
a, b = (pydicom.dcmread(path) for path in sys.argv[1:3])
tags = sorted({e.tag for e in a} | {e.tag for e in b})
print(b.file_meta.TransferSyntaxUID, b.is_implicit_VR, *(f'{t:08X}' for t in tags if a.get(t) != b.get(t)))
`;
const differences = (before: Buffer, after: Buffer): string => {
  const paths = [before, after].map((bytes, at) => {
    const path = join(folder, `${at}.dcm`);
    writeFileSync(path, bytes);
    return path;
  });
  return execFileSync('/usr/bin/python3', ['-c', SAME, ...paths], { encoding: 'utf8' }).trim();
};

describe('recompressing an object', () => {
  it('can be undone byte for byte, whatever its geometry and form', async () => {
    let made = 0;
    await fc.assert(
      fc.asyncProperty(
        geometryWithSamples,
        fc.record({
          transferSyntaxUid: fc.constantFrom(EXPLICIT_VR_LITTLE_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN),
          planar: fc.boolean(),
          frames: fc.integer({ min: 1, max: 3 }),
          padding: fc.integer({ min: 0, max: 5 }),
          extra: fc.constantFrom<readonly TestElement[]>([], [[0xfffcfffc, 'OB', Buffer.alloc(20, 7)]]),
        }),
        async ({ geometry, samples }, form) => {
          const original = object(geometry, samples, form);
          const result = await recompress(original);
          if (typeof result === 'string') {
            expect(result).toBe('larger');
            return;
          }
          made += 1;
          expect(result.entry.length).toBeLessThan(original.length);
          expect((await opened(result.entry)).original.equals(original)).toBe(true);
        },
      ),
      { numRuns: 80 },
    );
    expect(made).toBeGreaterThan(30);
  });

  it('gives any range of the original and decodes no frame for its head', async () => {
    const original = object(gray, smoothSamples(gray), {
      frames: 3,
      extra: [[0xfffcfffc, 'OB', Buffer.alloc(8)]],
    });
    const result = await recompress(original);
    if (typeof result === 'string') throw new Error(result);
    let decoded = 0;
    const restored = restoredBytes(
      await openRecompressed(storedBuffer(result.entry)),
      async (codestream, geometry) => {
        decoded += 1;
        return await decodeHtj2k(codestream, geometry);
      },
    );
    const head = (await restored.headLength?.()) ?? 0;
    expect((await restored.read(0, head)).equals(original.subarray(0, head))).toBe(true);
    expect(decoded).toBe(0);
    await fc.assert(
      fc.asyncProperty(fc.nat(original.length), fc.nat(original.length), async (a, b) => {
        const [from, to] = a < b ? [a, b] : [b, a];
        return (await restored.read(from, to - from)).equals(original.subarray(from, to));
      }),
      { numRuns: 25 },
    );
  });

  it.each([
    ['explicit gray', gray, EXPLICIT_VR_LITTLE_ENDIAN, '1.2.840.10008.1.2.4.202 False 7FE00010'],
    ['implicit gray', gray, IMPLICIT_VR_LITTLE_ENDIAN, '1.2.840.10008.1.2.4.202 False 7FE00010'],
    [
      'colour by plane',
      { ...gray, samplesPerPixel: 3, bitsAllocated: 8, bitsStored: 8 },
      EXPLICIT_VR_LITTLE_ENDIAN,
      '1.2.840.10008.1.2.4.202 False 00280004 00280006 7FE00010',
    ],
  ])(
    'is a DICOM object that pydicom reads with the same elements: %s',
    async (_, geometry, syntax, expected) => {
      const original = object(geometry, smoothSamples(geometry), {
        transferSyntaxUid: syntax,
        planar: true,
        frames: 2,
      });
      const result = await recompress(original);
      if (typeof result === 'string') throw new Error(result);
      const { part10: made } = await opened(result.entry);
      expect(differences(original, made)).toBe(expected);
      expect(await pixelDigest(made)).toBe(await pixelDigest(original));
    },
  );

  it('leaves alone what it must not touch, and says why', async () => {
    const samples = smoothSamples(gray);
    const overlay = Buffer.from(samples);
    overlay.writeUInt16LE(overlay.readUInt16LE(0) | 0x8000, 0);
    const noise = Buffer.from(samples.map((_, at) => Math.imul(at, 2_654_435_761) >>> 24));
    const full = { ...gray, bitsStored: 16 };
    const lossy: TestElement = [0x00282110, 'CS', '01'];
    const htj2k = await recompress(object(gray, samples));
    if (typeof htj2k === 'string') throw new Error(htj2k);
    const { part10: compressed } = await opened(htj2k.entry);
    const answers = {
      lossy: await recompress(object(gray, samples, { extra: [lossy] })),
      compressed: await recompress(compressed),
      overlay: await recompress(object(gray, overlay)),
      bigEndian: await recompress(object(gray, samples, { transferSyntaxUid: EXPLICIT_VR_BIG_ENDIAN })),
      noise: await recompress(object(full, noise)),
      noPixels: await recompress(part10(UIDS)),
      cut: await recompress(object({ ...gray, rows: 201 }, samples)),
      groupLength: await recompress(object(gray, samples, { extra: [[0x7fe00000, 'UL', [4]]] })),
      rubbish: await recompress(Buffer.from('not an object at all')),
      otherDigest: await recompressBytes(object(gray, samples), sha(samples)),
    };
    expect(answers).toEqual({
      lossy: 'lossy',
      compressed: 'compressed',
      overlay: 'bits',
      bigEndian: 'encoding',
      noise: 'larger',
      noPixels: 'no-pixels',
      cut: 'layout',
      groupLength: 'layout',
      rubbish: 'unreadable',
      otherDigest: 'not-exact',
    });
  });

  it('says that a damaged entry is damaged instead of giving other pixels', async () => {
    const result = await recompress(object(gray, smoothSamples(gray)));
    if (typeof result === 'string') throw new Error(result);
    const cut = result.entry.subarray(0, -2000);
    await expect(opened(Buffer.concat([cut, Buffer.alloc(2000)]))).rejects.toMatchObject({
      kind: 'integrity',
    });
    await expect(opened(Buffer.alloc(4096))).rejects.toMatchObject({ kind: 'integrity' });
  });

  it('gives every real object back, byte for byte', async () => {
    const files = sampleFiles(
      'dicom_transfer_syntax',
      'dicom_pixel',
      'dicom_dental',
      'dicom_objects',
      'dicom_robustness',
    );
    const counts: Record<string, number> = {};
    for (const file of files) {
      const bytes = readSample(file);
      const result = await recompress(bytes);
      const key = typeof result === 'string' ? result : 'recompressed';
      counts[key] = (counts[key] ?? 0) + 1;
      expect(key, file).not.toBe('not-exact');
      if (typeof result === 'string') continue;
      const { original, part10: made } = await opened(result.entry);
      expect(original.equals(bytes), file).toBe(true);
      expect(await pixelDigest(made), file).toBe(await pixelDigest(bytes));
    }
    if (files.length > 0) expect(counts['recompressed']).toBeGreaterThan(10);
  });
});
