// Real: OpenJPH in WebAssembly, and OpenJPEG's opj_decompress, which shares no code with it, as the oracle.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeHtj2k } from './decode-htj2k.ts';
import { decompositionLevels, encodeHtj2k } from './encode-htj2k.ts';
import { isEncodable, type Htj2kGeometry } from './htj2k-geometry.ts';
import { geometryWithSamples, samplesOf, smoothSamples } from './testing/samples-of-geometry.ts';
import { verifyHtj2k } from './verify-htj2k.ts';

const panoramic: Htj2kGeometry = {
  rows: 500,
  columns: 900,
  samplesPerPixel: 1,
  bitsAllocated: 16,
  bitsStored: 12,
  signed: false,
};

/** Samples as OpenJPEG decodes them, without a header, little endian, one component after the other. */
const openJpeg = (codestream: Buffer): Buffer => {
  const folder = mkdtempSync(join(tmpdir(), 'archwire-opj-'));
  try {
    writeFileSync(join(folder, 'in.jhc'), codestream);
    execFileSync('opj_decompress', ['-i', 'in.jhc', '-o', 'out.rawl'], { cwd: folder, stdio: 'pipe' });
    return readFileSync(join(folder, 'out.rawl'));
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const markers = (codestream: Buffer): Record<'order' | 'levels' | 'tileParts' | 'tlm', number> => {
  const found = { order: -1, levels: -1, tileParts: 0, tlm: 0 };
  for (let at = 2; at + 4 < codestream.length;) {
    const marker = codestream.readUInt16BE(at);
    if (marker === 0xff52) {
      found.order = codestream.readUInt8(at + 5);
      found.levels = codestream.readUInt8(at + 9);
    }
    if (marker === 0xff55) found.tlm += 1;
    if (marker === 0xff90) found.tileParts += 1;
    at += marker === 0xff90 ? codestream.readUInt32BE(at + 6) : 2 + codestream.readUInt16BE(at + 2);
  }
  return found;
};

describe('HTJ2K of one frame', () => {
  it('decodes to the samples that went in, whatever their geometry', async () => {
    await fc.assert(
      fc.asyncProperty(geometryWithSamples, async ({ geometry, samples }) => {
        expect(isEncodable(geometry)).toBe(true);
        const codestream = await encodeHtj2k(samples, geometry);
        expect((await decodeHtj2k(codestream, geometry)).equals(samples)).toBe(true);
      }),
      { numRuns: 120 },
    );
  });

  it('is ordered by resolution, with a tile-part and a TLM entry for each', async () => {
    expect(decompositionLevels(500, 900)).toBe(4);
    expect(decompositionLevels(64, 64)).toBe(1);
    expect(decompositionLevels(3, 65)).toBe(1);
    const codestream = await encodeHtj2k(smoothSamples(panoramic), panoramic);
    expect(markers(codestream)).toEqual({ order: 2, levels: 4, tileParts: 5, tlm: 1 });
    expect(codestream.length).toBeLessThan((500 * 900 * 2) / 1.9);
  });

  it.each([
    ['gray of 12 bits', panoramic],
    ['signed gray of 16 bits', { ...panoramic, bitsStored: 16, signed: true }],
    ['gray of 8 bits', { ...panoramic, bitsAllocated: 8, bitsStored: 8 }],
  ])('is decoded by OpenJPEG to the same samples: %s', async (_, geometry) => {
    const samples = smoothSamples(geometry);
    expect(openJpeg(await encodeHtj2k(samples, geometry)).equals(samples)).toBe(true);
  });

  it('is decoded by OpenJPEG to the same colours', async () => {
    const geometry = { ...panoramic, samplesPerPixel: 3, bitsAllocated: 8, bitsStored: 8 };
    const samples = smoothSamples(geometry);
    const codestream = await encodeHtj2k(samples, geometry);
    expect(await verifyHtj2k(codestream, samples, geometry)).toBe(true);
    const planes = openJpeg(codestream);
    const pixels = geometry.rows * geometry.columns;
    const interleaved = samplesOf((at) => planes[(at % 3) * pixels + Math.floor(at / 3)] ?? -1, geometry);
    expect(interleaved.equals(samples)).toBe(true);
  });

  it('says no to what is damaged, cut short or of another image', async () => {
    const samples = smoothSamples(panoramic);
    const codestream = await encodeHtj2k(samples, panoramic);
    const other = Buffer.from(samples);
    other.writeUInt8((other.readUInt8(4444) + 1) & 0x0f, 4444);
    const damaged = Buffer.from(codestream);
    damaged.fill(0x55, 2000, 2400);
    expect(await verifyHtj2k(codestream, samples, panoramic)).toBe(true);
    expect(await verifyHtj2k(codestream, other, panoramic)).toBe(false);
    expect(await verifyHtj2k(damaged, samples, panoramic)).toBe(false);
    expect(await verifyHtj2k(codestream.subarray(0, -3000), samples, panoramic)).toBe(false);
    expect(await verifyHtj2k(codestream, samples, { ...panoramic, bitsStored: 11 })).toBe(false);
    expect(isEncodable({ ...panoramic, samplesPerPixel: 3 })).toBe(false);
    expect(isEncodable({ ...panoramic, bitsAllocated: 8, bitsStored: 8, signed: true })).toBe(false);
  });
});
