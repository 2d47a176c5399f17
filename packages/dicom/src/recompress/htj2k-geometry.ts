/** The samples of one frame as an encoder sees them: right-aligned, interleaved by pixel, little endian. */
export interface Htj2kGeometry {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  /** 8: one byte a sample; 16: two. */
  readonly bitsAllocated: number;
  /** Every sample fits these bits; a signed one is extended to `bitsAllocated`. */
  readonly bitsStored: number;
  readonly signed: boolean;
}

/** Beyond this a frame would need more than the heap of the codec. */
const MAX_SAMPLES = 128 * 1024 * 1024;

/**
 * Whether OpenJPH's WebAssembly build (2.4.11) encodes such samples exactly: gray of up to 16 bits and colour of up to 8. Its
 * encoder mixes up colours of 16 bits and loses the sign of 8.
 */
export const isEncodable = ({
  rows,
  columns,
  samplesPerPixel,
  bitsAllocated,
  bitsStored,
  signed,
}: Htj2kGeometry): boolean =>
  rows * columns * samplesPerPixel <= MAX_SAMPLES &&
  (bitsAllocated === 8 || bitsAllocated === 16) &&
  bitsStored >= 1 &&
  bitsStored <= bitsAllocated &&
  (bitsStored > 8 ? samplesPerPixel === 1 : !signed && (samplesPerPixel === 1 || samplesPerPixel === 3));
