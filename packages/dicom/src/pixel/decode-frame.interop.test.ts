// Real: the decoders, GDCM (gdcmconv), pydicom, numpy and Pillow's OpenJPEG as oracles; real sample files when there are any,
// and images made here by the codecs' own encoders otherwise.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@archwire/contracts/app-error';
import codecs from 'dcmjs-codecs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pixelDigest } from './testing/decode-object.ts';
import { grayImage, part10 } from './testing/part10.ts';
import { readSample, recordedPixels, sampleFiles, samplePath } from './testing/samples.ts';

const { Context, NativeCodecs } = codecs;

/** Digest by path; a path that no oracle can decode is missing. */
function askOracle(paths: readonly string[]): ReadonlyMap<string, string> {
  const script = new URL('testing/pixel-oracle.py', import.meta.url).pathname;
  const options = { input: `${paths.join('\n')}\n` };
  const answers: unknown = JSON.parse(
    execFileSync('/usr/bin/python3', [script], { ...options, stdio: ['pipe', 'pipe', 'ignore'] }).toString(),
  );
  return new Map(
    Object.entries(answers ?? {}).flatMap(([path, digest]) =>
      typeof digest === 'string' ? [[path, digest] as const] : [],
    ),
  );
}

/** Every sample with Pixel Data whose stored values are not exactly those of an oracle, and why. */
const NOT_EXACT: Readonly<Record<string, string>> = {
  // Floating-point pixels are not shown (yet).
  'dicom_objects/pydicom-data__parametric_map_float.dcm': 'unsupported',
  // Decoded, but no oracle reads it: pydicom finds the attributes contradictory.
  'dicom_pixel/orthanc-tests__MultiframeWindowing.dcm': 'no oracle',
  // No Rows; Pixel Data empty or shorter than the image; not an image at all. Nobody decodes them.
  'dicom_robustness/dwv__dwv-test_no-number-rows.dcm': 'invalid',
  'dicom_robustness/fo-dicom__GH1146.dcm': 'invalid',
  'dicom_robustness/fo-dicom__GH340.dcm': 'unsupported',
  'dicom_robustness/orthanc-tests__2026-05-26-oob-monochrome-65535.dcm': 'invalid',
  'dicom_robustness/pydicom__nested_priv_SQ.dcm': 'invalid',
  // Decoded, but pydicom cannot parse the 100,000-fold nesting before the pixels.
  'dicom_robustness/orthanc-tests__2026-05-06-Deeply-Nested-Sequence.dcm': 'no oracle',
  // The oracles join the fragments of two frames wrongly; ours equals the unfragmented sibling (tested below).
  'dicom_transfer_syntax/dicomParser__CT0012.fragmented_no_bot_jpeg_ls.80.dcm': 'differs',
  'dicom_transfer_syntax/dicomParser__CT0012.fragmented_no_bot_jpeg_ls.81.dcm': 'differs',
  // Lossy HTJ2K: the irreversible wavelet is rounded differently, one level on 674 of 921,600 values.
  'dicom_transfer_syntax/pydicom-data__HTJ2K_08_RGB.dcm': 'differs',
  // The delimiter was written over the size in the code stream's own header.
  'dicom_transfer_syntax/pydicom__JPEG2000-embedded-sequence-delimiter.dcm': 'invalid',
};

const kindOf = (error: unknown) => {
  if (error instanceof AppError) return error.kind;
  throw error;
};

describe('decoded sample files', () => {
  const files = [
    ...sampleFiles(
      'dicom_dental',
      'dicom_gsps',
      'dicom_objects',
      'dicom_pixel',
      'dicom_robustness',
      'dicom_transfer_syntax',
    ),
    ...sampleFiles('dicom_volume_headneck_ct').filter((_, i) => i % 50 === 0),
  ];

  it('hold exactly the stored values that GDCM, pydicom or OpenJPEG decode; the exceptions are all named', async () => {
    const oracle = askOracle(files.map(samplePath));
    const recorded = recordedPixels();
    const seen: Record<string, string> = {};
    for (const file of files) {
      const expected = [oracle.get(samplePath(file)), recorded.get(file)].filter((sha) => sha !== undefined);
      const ours = await pixelDigest(readSample(file)).catch((error: unknown) => ({ kind: kindOf(error) }));
      if (ours === undefined) continue;
      if (typeof ours !== 'string') seen[file] = ours.kind;
      else if (expected.length === 0) seen[file] = 'no oracle';
      else if (!expected.includes(ours)) seen[file] = 'differs';
    }
    // Objects that the reader already refuses have no frames to speak of.
    const unreadable = new Set([
      'dicom_robustness/fo-dicom__GH179B.dcm',
      'dicom_robustness/pydicom__no_meta.dcm',
      'dicom_robustness/pydicom__rtplan_truncated.dcm',
    ]);
    const judged = Object.fromEntries(Object.entries(seen).filter(([file]) => !unreadable.has(file)));
    expect(judged).toEqual(files.length === 0 ? {} : NOT_EXACT);
  });

  it('in fragments without an offset table equal the same image in one piece', async () => {
    const folder = 'dicom_transfer_syntax/dicomParser__CT0012.';
    const pair = ['fragmented_no_bot_jpeg_ls.80.dcm', 'not_fragmented_no_bot_jpeg_ls.80.dcm'].map(
      (name) => folder + name,
    );
    const digests = await Promise.all(
      pair.filter((file) => files.includes(file)).map((file) => pixelDigest(readSample(file))),
    );
    expect(digests).toEqual(files.length === 0 ? [] : ['b6b202c4af4494a2', 'b6b202c4af4494a2']);
  });
});

describe('images encoded here', () => {
  let folder = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'archwire-decode-'));
    await NativeCodecs.initializeAsync();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const rows = 61;
  const columns = 47;
  const encoded = (
    encode: (context: InstanceType<typeof Context>) => InstanceType<typeof Context>,
    signed: boolean,
  ) => {
    const values = Int16Array.from(
      { length: rows * columns },
      (_, i) => ((i * 37 + (i >> 5) * 11) % 4096) - (signed ? 2048 : 0),
    );
    const context = new Context({
      width: columns,
      height: rows,
      bitsAllocated: 16,
      bitsStored: signed ? 16 : 12,
      samplesPerPixel: 1,
      pixelRepresentation: signed ? 1 : 0,
      planarConfiguration: 0,
      photometricInterpretation: 'MONOCHROME2',
      decodedBuffer: new Uint8Array(values.buffer),
    });
    return { values, stream: Buffer.from(encode(context).getEncodedBuffer() ?? []) };
  };
  const codings = {
    '1.2.840.10008.1.2.5': (c: InstanceType<typeof Context>) => NativeCodecs.encodeRle(c),
    '1.2.840.10008.1.2.4.70': (c: InstanceType<typeof Context>) =>
      NativeCodecs.encodeJpeg(c, { lossy: false }),
    '1.2.840.10008.1.2.4.80': (c: InstanceType<typeof Context>) =>
      NativeCodecs.encodeJpegLs(c, { lossy: false }),
    '1.2.840.10008.1.2.4.90': (c: InstanceType<typeof Context>) =>
      NativeCodecs.encodeJpeg2000(c, { lossy: false }),
    '1.2.840.10008.1.2.4.201': (c: InstanceType<typeof Context>) =>
      NativeCodecs.encodeHtJpeg2000(c, { lossy: false }),
  };

  for (const [transferSyntaxUid, encode] of Object.entries(codings)) {
    for (const signed of [false, true]) {
      it(`in ${transferSyntaxUid}, ${signed ? 'signed 16' : 'unsigned 12'} bits: all agree; a stream cut anywhere is an error`, async () => {
        const { values, stream } = encoded(encode, signed);
        const bits = signed ? 16 : 12;
        const object = (value: Buffer) =>
          part10({
            transferSyntaxUid,
            elements: grayImage(rows, columns, {
              '00280101 US': [bits],
              '00280102 US': [bits - 1],
              '00280103 US': [signed ? 1 : 0],
            }),
            fragments: {
              table: [],
              values: [value.length % 2 === 0 ? value : Buffer.concat([value, Buffer.alloc(1)])],
            },
          });
        const native = part10({
          elements: grayImage(rows, columns, { '00280103 US': [signed ? 1 : 0] }),
          pixelData: Buffer.from(values.buffer),
        });
        const path = join(folder, 'image.dcm');
        writeFileSync(path, native);
        const truth = await pixelDigest(native);
        expect([await pixelDigest(object(stream)), askOracle([path]).get(path)]).toEqual([truth, truth]);
        for (const part of [0.3, 0.6, 0.9]) {
          await expect(pixelDigest(object(stream.subarray(0, stream.length * part)))).rejects.toMatchObject({
            kind: 'invalid',
          });
        }
      });
    }
  }

  it('of another size than Rows and Columns say are an error', async () => {
    const { stream } = encoded(codings['1.2.840.10008.1.2.4.70'], false);
    const bytes = part10({
      transferSyntaxUid: '1.2.840.10008.1.2.4.70',
      elements: grayImage(rows + 1, columns),
      fragments: { table: [], values: [stream] },
    });
    await expect(pixelDigest(bytes)).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('in JPEG XL are unsupported, not damaged', async () => {
    const bytes = part10({
      transferSyntaxUid: '1.2.840.10008.1.2.4.110',
      elements: grayImage(rows, columns),
      fragments: { table: [], values: [Buffer.from('ff0a0000', 'hex')] },
    });
    await expect(pixelDigest(bytes)).rejects.toMatchObject({ kind: 'unsupported' });
  });
});
