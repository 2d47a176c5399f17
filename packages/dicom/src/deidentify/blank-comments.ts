const SOI = 0xd8;
const SOC = 0x4f;
const APP0 = 0xe0;
const APP15 = 0xef;
const APP14 = 0xee;
const COM = 0xfe;
const COM_2000 = 0x64;
/** Where compressed pixels begin: what comes before are segments with lengths. */
const BEGINS_PIXELS = new Set([0xda, 0x90, 0xd9]);

const isComment = (marker: number, isJpeg2000: boolean): boolean =>
  isJpeg2000
    ? marker === COM_2000
    : marker === COM || (marker >= APP0 && marker <= APP15 && marker !== APP14);

/**
 * A JPEG, JPEG-LS or JPEG 2000 code stream whose comments and application segments (Exif, with camera, place and words of
 * people) are zeros, in place: lengths and pixels stay. APP14 says how colours are coded and stays.
 */
export const blankComments = (stream: Buffer): void => {
  if (stream.length < 4 || stream[0] !== 0xff) return;
  const isJpeg2000 = stream[1] === SOC;
  if (!isJpeg2000 && stream[1] !== SOI) return;
  let at = 2;
  while (at + 4 <= stream.length && stream[at] === 0xff) {
    const marker = stream[at + 1] ?? 0;
    if (BEGINS_PIXELS.has(marker)) return;
    const end = Math.min(stream.length, at + 2 + stream.readUInt16BE(at + 2));
    if (isComment(marker, isJpeg2000)) stream.fill(0, at + 4, end);
    if (end <= at + 2) return;
    at = end;
  }
};
