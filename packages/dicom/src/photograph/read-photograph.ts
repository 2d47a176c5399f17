import { AppError } from '@archwire/contracts/app-error';
import sharp, { type Sharp } from 'sharp';
import { recordFileProblem } from '../record-file-problem.ts';
import { cleanJpeg, type CleanJpeg } from './clean-jpeg.ts';
import { type Exif, readExif } from './read-exif.ts';

/** The pixels of a photograph as they go into an object, upright. */
export interface Photograph {
  readonly transferSyntaxUid: string;
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: 1 | 3;
  readonly photometricInterpretation: 'MONOCHROME2' | 'RGB' | 'YBR_FULL_422';
  /** One frame: a JPEG code stream, or 8-bit samples by pixel. */
  readonly pixels: Buffer;
  readonly icc: Buffer | null;
  /** Compression ratios of the lossy steps that the pixels went through, in their order. All were JPEG. */
  readonly lossyRatios: readonly number[];
  readonly exif: Exif;
}

export const PHOTO_LIMITS = {
  /** Of the file. */
  bytes: 128 * 1024 * 1024,
  /** What is decoded to be shown (`MAX_FRAME_BYTES`), in pixels of three bytes. */
  pixels: 64 * 1024 * 1024,
  side: 65_535,
  /** ICC profiles of cameras have some kilobytes, those of printers a megabyte. */
  iccBytes: 4 * 1024 * 1024,
} as const;

const JPEG_BASELINE = '1.2.840.10008.1.2.4.50';
const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
/** What has to be turned is decoded and coded once more: so little is lost that no eye finds it. */
const QUALITY = 95;
const SECONDS = 30;

const open = (file: Buffer, failOn: 'error' | 'warning' = 'error'): Sharp =>
  sharp(file, { failOn, limitInputPixels: PHOTO_LIMITS.pixels, pages: 1 }).timeout({
    seconds: SECONDS,
  });

const assertSize = (rows: number, columns: number): void => {
  if (rows === 0 || columns === 0) throw recordFileProblem('photo-damaged');
  if (rows > PHOTO_LIMITS.side || columns > PHOTO_LIMITS.side || rows * columns > PHOTO_LIMITS.pixels)
    throw recordFileProblem('photo-too-large');
};

const ratioOf = (rows: number, columns: number, samples: number, bytes: number): number =>
  (rows * columns * samples) / Math.max(1, bytes);

const isSane = (icc: Buffer | undefined): icc is Buffer =>
  icc !== undefined && icc.length >= 128 && icc.length <= PHOTO_LIMITS.iccBytes;

/** Gray stays gray, four inks become colours of a screen, colours keep the profile that says what they mean. */
const inColours = (image: Sharp, components: number): Sharp => {
  if (components === 1) return image.toColourspace('b-w');
  return components === 4 ? image.toColourspace('srgb') : image.keepIccProfile();
};

const asItIs = (jpeg: CleanJpeg, icc: Buffer | undefined): Photograph => {
  const samplesPerPixel = jpeg.components === 1 ? 1 : 3;
  return {
    transferSyntaxUid: JPEG_BASELINE,
    rows: jpeg.rows,
    columns: jpeg.columns,
    samplesPerPixel,
    photometricInterpretation: samplesPerPixel === 1 ? 'MONOCHROME2' : jpeg.rgb ? 'RGB' : 'YBR_FULL_422',
    pixels: jpeg.bytes,
    icc: samplesPerPixel === 3 && isSane(icc) ? icc : null,
    lossyRatios: [ratioOf(jpeg.rows, jpeg.columns, samplesPerPixel, jpeg.bytes.length)],
    exif: jpeg.exif,
  };
};

/** All of the code stream is read, at an eighth of its size: what is cut off or lies about its size is found out now. */
const assertWhole = async (jpeg: Buffer): Promise<void> => {
  try {
    await open(jpeg, 'warning').resize(8, 8, { fit: 'fill' }).raw().toBuffer();
  } catch (error) {
    // Cameras that pad their scans show every pixel all the same.
    if (!(error instanceof Error && error.message.includes('extraneous bytes'))) throw error;
  }
};

const readJpeg = async (file: Buffer): Promise<Photograph> => {
  const jpeg = cleanJpeg(file);
  assertSize(jpeg.rows, jpeg.columns);
  const { icc } = await open(jpeg.bytes).metadata();
  if (jpeg.baseline && jpeg.exif.orientation === 1) {
    await assertWhole(jpeg.bytes);
    return asItIs(jpeg, icc);
  }
  const image = open(file).autoOrient();
  const coded = await inColours(image, jpeg.components)
    .jpeg({ quality: QUALITY, chromaSubsampling: '4:4:4' })
    .toBuffer();
  const again = cleanJpeg(coded);
  return {
    ...asItIs(again, jpeg.components === 3 ? icc : undefined),
    lossyRatios: [
      ratioOf(jpeg.rows, jpeg.columns, again.components, jpeg.bytes.length),
      ratioOf(again.rows, again.columns, again.components, again.bytes.length),
    ],
    exif: jpeg.exif,
  };
};

/** PNG and TIFF lose nothing: their pixels go in as they are. */
const readLossless = async (file: Buffer, kind: 'png' | 'tiff'): Promise<Photograph> => {
  const { width, height, channels, pages = 1, icc, exif, space } = await open(file).metadata();
  assertSize(height, width);
  if (kind === 'tiff' && pages > 1) throw recordFileProblem('photo-pages');
  const colours = space === 'b-w' || space === 'grey16' ? 1 : space === 'cmyk' ? 4 : 3;
  const image = channels === 2 || channels === 4 ? open(file).flatten({ background: '#fff' }) : open(file);
  const { data, info } = await inColours(image.autoOrient(), colours)
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const samplesPerPixel = info.channels === 1 ? 1 : 3;
  if (info.channels !== samplesPerPixel || data.length !== info.width * info.height * samplesPerPixel)
    throw recordFileProblem('photo-damaged');
  return {
    transferSyntaxUid: EXPLICIT_LITTLE_ENDIAN,
    rows: info.height,
    columns: info.width,
    samplesPerPixel,
    photometricInterpretation: samplesPerPixel === 1 ? 'MONOCHROME2' : 'RGB',
    pixels: data,
    icc: colours === 3 && isSane(icc) ? icc : null,
    lossyRatios: [],
    exif:
      kind === 'tiff'
        ? readExif(file)
        : readExif(exif?.subarray(exif.indexOf('Exif') === 0 ? 6 : 0) ?? Buffer.alloc(0)),
  };
};

export type PhotoKind = 'jpeg' | 'png' | 'tiff';

/**
 * Reads a photograph. A baseline JPEG that stands upright keeps its code stream byte for byte, without what cameras write
 * around it; one that is turned, progressive or of four inks is coded once more; PNG and TIFF keep their pixels.
 * @throws AppError `invalid` with `details.reason` of `RecordFileReason`.
 */
export const readPhotograph = async (file: Buffer, kind: PhotoKind): Promise<Photograph> => {
  if (file.length > PHOTO_LIMITS.bytes) throw recordFileProblem('photo-too-large');
  try {
    return await (kind === 'jpeg' ? readJpeg(file) : readLossless(file, kind));
  } catch (error) {
    if (error instanceof AppError) throw error;
    const isTooLarge = error instanceof Error && error.message.includes('exceeds pixel limit');
    throw recordFileProblem(isTooLarge ? 'photo-too-large' : 'photo-damaged', error);
  }
};
