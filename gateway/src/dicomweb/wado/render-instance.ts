import type { StoredInstance } from '@archwire/archive';
import { AppError } from '@archwire/contracts';
import {
  describePixels,
  type EncodedPicture,
  representativeFrame,
  type RenderOptions,
} from '@archwire/dicom';
import type { DicomwebParts } from '../dicomweb-parts.ts';

/**
 * Renders one frame; the representative one when none is named.
 * @throws AppError `not-found` no pixels or no such frame; whatever decoding says.
 */
export const renderInstance = async (
  { openFrames, pixels }: Pick<DicomwebParts, 'openFrames' | 'pixels'>,
  instance: StoredInstance,
  frame: number | undefined,
  options: RenderOptions,
): Promise<EncodedPicture> => {
  const { head, source } = await openFrames(instance);
  const number = frame ?? representativeFrame(head);
  const bytes = await source.frame(number);
  return await pixels.render(describePixels(head, number), bytes, options);
};

/** The instance that stands for a series or a study: the middle one of those with pixels in the first series that has any. */
export const representativeInstance = (
  instances: readonly [StoredInstance, ...StoredInstance[]],
): StoredInstance => {
  const pictured = instances.filter(({ NumberOfFrames }) => NumberOfFrames !== null);
  const series = pictured[0]?.SeriesInstanceUID;
  const first = pictured.filter(({ SeriesInstanceUID }) => SeriesInstanceUID === series);
  return first[Math.floor((first.length - 1) / 2)] ?? instances[0];
};

/** A picture that cannot be made of this object is nothing to be had at this address, whatever is asked: 406 with the reason. */
export const cannotRender = (error: unknown): unknown =>
  error instanceof AppError &&
  (error.kind === 'unsupported' || error.kind === 'invalid' || error.kind === 'too-large')
    ? new AppError('not-acceptable', `This image cannot be rendered: ${error.message}`, {
        cause: error,
        details: { ...error.details, reason: error.kind },
      })
    : error;
