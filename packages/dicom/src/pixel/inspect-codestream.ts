import { AppError } from '@archwire/contracts/app-error';

export interface CodestreamInfo {
  readonly rows: number;
  readonly columns: number;
  readonly components: number;
  readonly precision: number;
  readonly signed: boolean;
  /** One scan per component: CharLS then returns one plane after the other, whatever Planar Configuration says. */
  readonly planar: boolean;
}

const broken = (what: string) => new AppError('invalid', `The compressed frame is damaged: ${what}.`);

/**
 * Reads size and sample depth from the code stream itself and makes sure that it is complete: the decoders return a full
 * buffer for a truncated stream without any error.
 * @throws AppError `invalid` when it is not such a stream or ends early.
 */
export function inspectCodestream(
  bytes: Buffer,
  coding: 'jpeg' | 'jpeg-ls' | 'jpeg-2000' | 'htj2k',
): CodestreamInfo {
  return coding === 'jpeg' || coding === 'jpeg-ls' ? inspectJpeg(bytes) : inspectJpeg2000(bytes);
}

function inspectJpeg(bytes: Buffer): CodestreamInfo {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) throw broken('it has no start of image');
  for (let at = 2; at + 9 < bytes.length;) {
    if (bytes[at] !== 0xff) throw broken('a marker is missing');
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
    } else if (isFrameMarker(marker)) {
      if (!endsWithEoi(bytes)) throw broken('it ends before the end of image');
      if (bytes.length - at < fewestBytes(bytes, at, marker))
        throw broken('it holds too few bytes for its image');
      return {
        planar: marker === 0xf7 && scanComponents(bytes, at) === 1 && bytes.readUInt8(at + 9) > 1,
        precision: bytes.readUInt8(at + 4),
        rows: bytes.readUInt16BE(at + 5),
        columns: bytes.readUInt16BE(at + 7),
        components: bytes.readUInt8(at + 9),
        signed: false,
      };
    } else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
      at += 2;
    } else {
      at += 2 + bytes.readUInt16BE(at + 2);
    }
  }
  throw broken('it has no frame header');
}

/**
 * What Huffman coding cannot go below: a bit for each sample of a lossless image, two for each 8 × 8 block of a sequential one.
 * 0 where nothing is certain (progressive, JPEG-LS, height defined later).
 */
function fewestBytes(bytes: Buffer, frameHeader: number, marker: number): number {
  const pixels = bytes.readUInt16BE(frameHeader + 5) * bytes.readUInt16BE(frameHeader + 7);
  if (marker === 0xc3) return pixels / 8;
  return marker === 0xc0 || marker === 0xc1 ? pixels / 256 : 0;
}

/** Components in the first scan after the frame header. */
function scanComponents(bytes: Buffer, frameHeader: number): number {
  for (let at = frameHeader; at + 5 < bytes.length; at += 2 + bytes.readUInt16BE(at + 2)) {
    if (bytes[at + 1] === 0xda) return bytes.readUInt8(at + 4);
  }
  throw broken('it has no scan');
}

/** SOF0–SOF15 without DHT, JPG and DAC; SOF55 is JPEG-LS. */
const isFrameMarker = (marker: number) =>
  marker === 0xf7 || (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker));

function endsWithEoi(bytes: Buffer): boolean {
  let end = bytes.length;
  while (end > 2 && (bytes[end - 1] === 0 || (bytes[end - 1] === 0xff && bytes[end - 2] !== 0xff))) end -= 1;
  return bytes[end - 2] === 0xff && bytes[end - 1] === 0xd9;
}

function inspectJpeg2000(file: Buffer): CodestreamInfo {
  const bytes = codestreamOf(file);
  if (bytes.length < 48 || bytes.readUInt32BE(0) !== 0xff4fff51)
    throw broken('it has no start of code stream');
  const depth = bytes.readUInt8(42);
  checkTileParts(bytes);
  return {
    planar: false,
    columns: bytes.readUInt32BE(8) - bytes.readUInt32BE(16),
    rows: bytes.readUInt32BE(12) - bytes.readUInt32BE(20),
    components: bytes.readUInt16BE(40),
    precision: (depth & 0x7f) + 1,
    signed: depth >= 0x80,
  };
}

/** Inside a JP2 file (which DICOM forbids and some writers store) the code stream is the `jp2c` box. */
function codestreamOf(file: Buffer): Buffer {
  if (file.length < 12 || file.readUInt32BE(0) !== 12) return file;
  for (let at = 0; at + 8 <= file.length;) {
    const length = file.readUInt32BE(at);
    if (file.toString('latin1', at + 4, at + 8) === 'jp2c') return file.subarray(at + 8);
    if (length < 8) break;
    at += length;
  }
  throw broken('its JP2 wrapper holds no code stream');
}

function checkTileParts(bytes: Buffer): void {
  let at = 4 + bytes.readUInt16BE(4);
  let parts = 0;
  while (at + 12 <= bytes.length) {
    const marker = bytes.readUInt16BE(at);
    if (marker === 0xff90) {
      const length = bytes.readUInt32BE(at + 6);
      parts += 1;
      // Psot 0: this tile-part reaches to the end of the code stream.
      if (length === 0) return;
      at += length;
    } else if (marker === 0xffd9) {
      return;
    } else if (marker >= 0xff01) {
      at += 2 + bytes.readUInt16BE(at + 2);
    } else throw broken('a marker is missing');
  }
  if (parts === 0 || at > bytes.length) throw broken('it ends before its last tile-part');
}
