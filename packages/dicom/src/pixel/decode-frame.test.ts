// Real: the decoders and the encoders of the same WebAssembly codecs. What they give is compared with oracles by the codec matrix.
import codecs from 'dcmjs-codecs';
import { beforeAll, describe, expect, it } from 'vitest';
import { pixelDigest } from './testing/decode-object.ts';
import { grayImage, part10 } from './testing/part10.ts';

const { Context, NativeCodecs } = codecs;

describe('images encoded here', () => {
  beforeAll(async () => {
    await NativeCodecs.initializeAsync();
  });

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
      it(`in ${transferSyntaxUid}, ${signed ? 'signed 16' : 'unsigned 12'} bits decode to what they were made from; a stream cut anywhere is an error`, async () => {
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
        expect(await pixelDigest(object(stream))).toBe(await pixelDigest(native));
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
