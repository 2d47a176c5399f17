import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPixelPool, encodeHtj2k, verifyHtj2k } from '@archwire/dicom';
import { cpuOf } from './derive-cost.ts';
import type { TestImage } from './test-images.ts';

export interface ArchiveRatio {
  readonly kind: string;
  readonly receivedBytes: number;
  readonly ownBytes: number;
  /** Of OpenJPH's own command, lossless, with the same number of decompositions. */
  readonly openjphBytes: number;
  /** CPU milliseconds of encoding one frame and proving it by decoding it again. */
  readonly cpuMs: number;
}

/** Uncompressed gray frames as lossless HTJ2K, beside what `ojph_compress` (Debian) makes of the same samples. */
export const measureArchiveRatio = async (
  folder: string,
  images: readonly TestImage[],
): Promise<readonly ArchiveRatio[]> => {
  const ratios: ArchiveRatio[] = [];
  const pool = createPixelPool({ threads: 1 });
  for (const { kind, description, frame } of images) {
    if (description.samplesPerPixel !== 1 || description.transferSyntaxUid !== '1.2.840.10008.1.2.1')
      continue;
    const decoded = await pool.decode(description, Buffer.from(frame));
    const { buffer, byteOffset, byteLength } = decoded.samples;
    const samples = new Uint8Array(buffer, byteOffset, byteLength);
    const stream = await encodeHtj2k(samples, decoded);
    const cpuMs = await cpuOf(
      async () => await verifyHtj2k(await encodeHtj2k(samples, decoded), samples, decoded),
    );
    const [raw, coded] = [join(folder, 'frame.yuv'), join(folder, 'frame.j2c')];
    const { rows, columns, bitsStored, signed, bitsAllocated } = decoded;
    // The command reads signed samples as if they were not: the same values are given to it above zero.
    const given = Buffer.from(samples);
    if (signed && bitsAllocated === 16)
      for (let at = 1; at < given.length; at += 2) given[at] = (given[at] ?? 0) ^ 0x80;
    await writeFile(raw, given);
    const levels = Math.max(1, Math.ceil(Math.log2(Math.max(rows, columns) / 64)));
    const geometry = `-dims {${columns},${rows}} -signed false -bit_depth ${bitsStored} -downsamp {1,1} -num_comps 1`;
    const asked = `-reversible true -num_decomps ${levels} ${geometry}`;
    const { status, stderr } = spawnSync('ojph_compress', ['-i', raw, '-o', coded].concat(asked.split(' ')));
    if (status !== 0) throw new Error(`ojph_compress ended with ${status}: ${stderr.toString()}`);
    ratios.push({
      kind,
      receivedBytes: byteLength,
      ownBytes: stream.length,
      openjphBytes: (await readFile(coded)).length,
      cpuMs,
    });
  }
  await pool.close();
  return ratios;
};
