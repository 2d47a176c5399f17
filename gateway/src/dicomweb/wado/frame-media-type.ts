import { transferSyntax } from '@archwire/dicom';

export const OCTET_STREAM = 'application/octet-stream';
export const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';

/** Media types of compressed pixel data (PS3.18 tables 8.7.3-2 to 8.7.3-5), by the beginning of the keyword of PS3.6. */
const BY_KEYWORD: readonly (readonly [RegExp, string])[] = [
  [/^RLE/, 'image/dicom-rle'],
  [/^JPEGLS/, 'image/jls'],
  [/^JPEG2000MC/, 'image/jpx'],
  [/^JPEG2000/, 'image/jp2'],
  [/^JPEGXL/, 'image/jxl'],
  [/^JPEG/, 'image/jpeg'],
  [/^HTJ2K/, 'image/jphc'],
  [/^MPEG2/, 'video/mpeg2'],
  [/^MPEG4/, 'video/mp4'],
  [/^HEVC/, 'video/h265'],
];

/** What one frame of this transfer syntax is called on the web; octets for native and for unknown ones. */
export const frameMediaType = (transferSyntaxUid: string): string => {
  const keyword = transferSyntax(transferSyntaxUid)?.keyword ?? '';
  return BY_KEYWORD.find(([pattern]) => pattern.test(keyword))?.[1] ?? OCTET_STREAM;
};
