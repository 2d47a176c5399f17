import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { encodeAs, openPicture, type EncodedPicture, type RenderedMediaType } from './encode-picture.ts';
import type { Picture } from './picture.ts';

/**
 * A colour picture with an ICC profile in it: `embed` leaves the colours and says how they are meant, `srgb` converts them.
 * A profile that is absent is sRGB when converted, and nothing when embedded; one that is damaged is treated as absent.
 */
export async function withIccProfile(
  picture: Picture,
  profile: Uint8Array | null,
  wish: 'embed' | 'srgb',
  mediaType: RenderedMediaType,
  quality: number,
): Promise<EncodedPicture> {
  const image =
    profile === null
      ? openPicture(picture)
      : sharp(await pngWith(picture, profile), { limitInputPixels: false });
  const told =
    wish === 'srgb' ? image.withIccProfile('srgb') : profile === null ? image : image.keepIccProfile();
  const { data, info } = await encodeAs(told, mediaType, quality).toBuffer({ resolveWithObject: true });
  return { data, mediaType, width: info.width, height: info.height };
}

/** The only lossless container in which the library takes a profile from memory. */
async function pngWith(picture: Picture, profile: Uint8Array): Promise<Buffer> {
  const png = await openPicture(picture).png({ compressionLevel: 0 }).toBuffer();
  const body = Buffer.concat([Buffer.from('iCCPicc\0\0', 'latin1'), deflateSync(profile)]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length - 4);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  // Signature and IHDR are 33 bytes; iCCP stands before the pixels.
  return Buffer.concat([png.subarray(0, 33), length, body, check, png.subarray(33)]);
}
