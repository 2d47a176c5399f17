import { AppError } from '@archwire/contracts/app-error';
import { buildPart10Meta } from '../build-part10-meta.ts';
import type { TranscodeParts } from '../transcode/transcode-data-set.ts';
import { cleanDataSet } from './clean-data-set.ts';
import { deidentifiedPixels } from './deidentified-pixels.ts';
import type { DeidentifyProfile } from './deidentify-profile.ts';
import { createIdentityWords } from './identity-words.ts';
import { methodChanges } from './method-changes.ts';
import type { Pseudonyms } from './pseudonyms.ts';

export interface DeidentifyParts extends TranscodeParts {
  /** Compressed pixels are decoded. */
  readonly uncompressed?: boolean;
}

/** A de-identified object, ready to be written. */
export interface DeidentifiedObject {
  readonly SOPInstanceUID: string;
  readonly TransferSyntaxUID: string;
  /** Preamble, group 2 and the whole data set up to Pixel Data. */
  readonly head: Buffer;
  /** `head`, then Pixel Data in pieces. To be read once. */
  bytes(): AsyncGenerator<Buffer, void, undefined>;
}

const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
const BURNED_IN_ANNOTATION = 'x00280301';
/** Documents, meshes and raw data say things in forms of their own. */
const OPAQUE = ['x00420011', 'x54000100', 'x56000020'];

/**
 * An object de-identified by PS3.15 Annex E: `profile` says what may stay, `pseudonyms` who it becomes. In memory are the
 * data set and one frame at most. Compressed pixels stay compressed unless something is blanked in them or `uncompressed` asks for it; everything else
 * becomes Explicit VR Little Endian.
 * @throws AppError `unsupported` (`details.reason`): `opaque` for documents and waveforms, `burned-in` for pixels with
 * text in them and no region to blank; as `deidentifiedPixels` for the rest.
 */
export const deidentify = async (
  parts: DeidentifyParts,
  profile: DeidentifyProfile,
  pseudonyms: Pseudonyms,
): Promise<DeidentifiedObject> => {
  const { header, dataSet } = parts.head;
  if (OPAQUE.some((key) => dataSet.elements[key] !== undefined))
    throw new AppError('unsupported', 'Documents and waveforms cannot be de-identified. Leave them out.', {
      details: { reason: 'opaque' },
    });
  const isBurnedIn = dataSet.string(BURNED_IN_ANNOTATION)?.trim() === 'YES';
  if (isBurnedIn && profile.cleanRegions.length === 0)
    throw new AppError(
      'unsupported',
      'The image has text in its pixels. Say which regions of this device to blank, or leave it out.',
      { details: { reason: 'burned-in' } },
    );
  const pixels = await deidentifiedPixels(parts, profile.cleanRegions, parts.uncompressed ?? false);
  const isCleaned = pixels !== undefined && profile.cleanRegions.length > 0;
  const data = cleanDataSet(
    dataSet,
    { profile, pseudonyms, identifies: createIdentityWords(dataSet, profile.keepInstitution) },
    new Map([...(pixels?.changes ?? []), ...methodChanges(profile, pseudonyms, isCleaned)]),
  );
  const SOPInstanceUID = profile.keepUids ? header.SOPInstanceUID : pseudonyms.uid(header.SOPInstanceUID);
  const TransferSyntaxUID = pixels?.TransferSyntaxUID ?? EXPLICIT_VR_LITTLE_ENDIAN;
  const meta = buildPart10Meta({ SOPClassUID: header.SOPClassUID, SOPInstanceUID, TransferSyntaxUID });
  const head = Buffer.concat([meta, data]);
  return {
    SOPInstanceUID,
    TransferSyntaxUID,
    head,
    async *bytes() {
      yield head;
      if (pixels !== undefined) yield* pixels.bytes();
    },
  };
};
