/** A 64 x 64, 8-bit image whose pixels are four times their column, in the encodings that a browser must decode. */
const WIDTH = 64;
const raw = Buffer.from(Uint8Array.from({ length: WIDTH * WIDTH }, (_, index) => (index % WIDTH) * 4));

// Encoded once from the very pixels above, losslessly, with OpenJPH 0.15 and CharLS 2.
const HTJ2K =
  '/0//UQApQAAAAABAAAAAQAAAAAAAAAAAAAAAQAAAAEAAAAAAAAAAAAABBwEB/1AACAACAAAABP9SAAwAAgABAAUEBEAB/1wA' +
  'EyBQWFhgWFhgWFhgWFhYUFBY/2QAFwABT3BlbkpQSCBWZXIgMC4xNS4wLv+QAAoAAAAAAHUAAf+TwBUA/38i0QBBlADACYAQ' +
  'yAECdADACoAIgiCqcIJ1AMAK0EIIIYQQ58p6enACeADAC1QAAAAAAAAAAPn/AKenp6enp6fCfQDAFuiqqqqqqqqqqv6//Cnp' +
  '6enp6enp6enp6enp6eJ1Af/Z';
const JPEG_LS =
  '/9j/9wALCABAAEABAREA/9oACAEBAAAAAJ3df3X+22//f/9//3//f/9//3/yV/9//3//f/95f/9//3//f/91/3//f/9//3/f' +
  '/3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9/' +
  '/3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9/' +
  '/3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9/' +
  '/3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9/' +
  '/3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9/' +
  '/3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9/' +
  '/3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9//3//f/9/' +
  '/3//f/9//2D/2Q==';

export interface Encoding {
  name: string;
  transferSyntax: string;
  mediaType: string;
  bytes: Buffer;
}

export const ENCODINGS: readonly Encoding[] = [
  {
    name: 'Explicit VR Little Endian',
    transferSyntax: '1.2.840.10008.1.2.1',
    mediaType: 'application/octet-stream',
    bytes: raw,
  },
  {
    name: 'HTJ2K Lossless',
    transferSyntax: '1.2.840.10008.1.2.4.201',
    mediaType: 'image/jphc',
    bytes: Buffer.from(HTJ2K, 'base64'),
  },
  {
    name: 'JPEG-LS Lossless',
    transferSyntax: '1.2.840.10008.1.2.4.80',
    mediaType: 'image/jls',
    bytes: Buffer.from(JPEG_LS, 'base64'),
  },
];
