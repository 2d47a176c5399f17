import { findDisplay, streamLocation } from '@archwire/archive';
import { AppError } from '@archwire/contracts';
import { representativeFrame } from '@archwire/dicom';
import type { DicomwebParts } from '../dicomweb-parts.ts';
import type { ByteSource } from '../http/byte-source.ts';
import type { RenderedView } from './rendered-view.ts';

/**
 * The picture of a gray frame at full resolution that was made when it arrived, which is what rendering it now would show.
 * `undefined` when there is none: not made yet, another frame, colour (whose ICC profile a rendering keeps), a presentation state.
 */
export const storedDisplay = async (
  { withTenant, stores, openFrames }: Pick<DicomwebParts, 'withTenant' | 'stores' | 'openFrames'>,
  { instance, frame, state }: RenderedView,
): Promise<ByteSource | undefined> => {
  if (state !== null || instance.NumberOfFrames === null) return undefined;
  const opened = await openFrames(instance).catch((error: unknown) => {
    // Rendering says why it cannot be shown.
    if (error instanceof AppError) return undefined;
    throw error;
  });
  if (opened === undefined) return undefined;
  const { head } = opened;
  if ((head.dataSet.uint16('x00280002') ?? 1) !== 1) return undefined;
  const location = await withTenant(
    instance.tenantId,
    async (trx) => await findDisplay(trx, instance.id, frame ?? representativeFrame(head)),
  );
  if (location === undefined) return undefined;
  return {
    length: location.length,
    read: async function* (range) {
      yield* await streamLocation(stores, location, range);
    },
  };
};
