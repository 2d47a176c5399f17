import { readPart10 } from '@archwire/dicom';
import { grayImage, part10 } from '@archwire/dicom/testing';

/** A soft picture of 12 bits, or noise of 16 that nothing makes smaller. */
const pixelsOf = (rows: number, columns: number, frames: number, noise: boolean): Buffer => {
  const pixels = Buffer.alloc(rows * columns * frames * 2);
  let state = 7;
  for (let at = 0; at < pixels.length / 2; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    const soft = (Math.sin(at / 300) + 1) * 1500 + (at % columns) + ((state >>> 16) & 15);
    pixels.writeUInt16LE(noise ? state >>> 16 : Math.floor(soft) & 0xfff, at * 2);
  }
  return pixels;
};

export interface TestImage {
  readonly command: {
    readonly SOPClassUID: string;
    readonly SOPInstanceUID: string;
    readonly TransferSyntaxUID: string;
  };
  readonly dataSet: Buffer;
}

/** An image as it travels over DIMSE, all in one series. */
export const testImage = (options: {
  readonly uid: string;
  readonly rows?: number;
  readonly frames?: number;
  readonly noise?: boolean;
  readonly lossy?: boolean;
}): TestImage => {
  const { uid, rows = 120, frames = 1, noise = false, lossy = false } = options;
  const columns = 150;
  const SOPClassUID = '1.2.840.10008.5.1.4.1.1.1';
  const bytes = part10({
    sopClassUid: SOPClassUID,
    sopInstanceUid: uid,
    elements: grayImage(rows, columns, {
      '00080060 CS': 'DX',
      '00280008 IS': String(frames),
      ...(noise ? {} : { '00280101 US': [12], '00280102 US': [11] }),
      ...(lossy ? { '00282110 CS': '01' } : {}),
    }),
    pixelData: pixelsOf(rows, columns, frames, noise),
  });
  return {
    command: { SOPClassUID, SOPInstanceUID: uid, TransferSyntaxUID: '1.2.840.10008.1.2.1' },
    dataSet: bytes.subarray(readPart10(bytes).dataSetOffset),
  };
};
