import { AppError, type PictureAdjustment } from '@archwire/contracts';
import {
  assertDecodable,
  describePixels,
  frameSource,
  representativeFrame,
  type DerivedImages,
  type InstanceHead,
  type PixelPool,
  type Placeholder,
  type PlaceholderReason,
  type StoredBytes,
} from '@archwire/dicom';
import { objectLabel } from './object-label.ts';

export interface DerivedInstance {
  readonly images: DerivedImages;
  /** The frame shown, from 1. */
  readonly frame: number;
  readonly placeholderReason: PlaceholderReason | null;
  /** Of the frame without any compression; `null` for a placeholder. */
  readonly frameBytes: number | null;
}

/** What deriving one instance needs to reach. */
export interface DeriveSource {
  readonly SOPClassUID: string;
  head(): Promise<InstanceHead>;
  readonly stored: StoredBytes;
}

export interface DeriveParts {
  readonly pool: PixelPool;
  /** Draws (or remembers) a placeholder. */
  readonly placeholder: (placeholder: Placeholder) => Promise<DerivedImages>;
  /** Nobody will try again: what could heal, but did not, is shown as it is. */
  readonly lastAttempt: boolean;
  /** How a person wants it shown; the pictures show it so, the object stays as it is. */
  readonly adjustment: PictureAdjustment | null;
}

/**
 * The pictures of one instance: its representative frame, or a placeholder that says why there is none.
 * @throws AppError of a kind that may heal by itself (storage, database, an overloaded machine).
 */
export async function deriveInstance(source: DeriveSource, parts: DeriveParts): Promise<DerivedInstance> {
  try {
    const head = await source.head();
    if (head.pixelData === null) {
      if (!head.complete) throw new AppError('invalid', 'The object ends before its Pixel Data.');
      const images = await parts.placeholder({
        reason: 'no-picture',
        label: objectLabel(source.SOPClassUID),
      });
      return { images, frame: 1, placeholderReason: 'no-picture', frameBytes: null };
    }
    const frame = representativeFrame(head);
    const description = describePixels(head, frame);
    assertDecodable(description);
    const bytes = await frameSource(head, source.stored).frame(frame);
    const { adjustment } = parts;
    const shown = adjustment === null ? description : { ...description, adjustment };
    const { rows, columns, samplesPerPixel, bitsAllocated } = description;
    const frameBytes = Math.ceil((rows * columns * samplesPerPixel * bitsAllocated) / 8);
    return {
      images: await parts.pool.derive(shown, bytes),
      frame,
      placeholderReason: null,
      frameBytes,
    };
  } catch (error) {
    const reason = permanentReason(error, parts.lastAttempt);
    if (reason === undefined) throw error;
    const images = await parts.placeholder({ reason });
    return { images, frame: 1, placeholderReason: reason, frameBytes: null };
  }
}

/** Why this object can never be shown; `undefined` when trying again later may help. */
function permanentReason(error: unknown, lastAttempt: boolean): PlaceholderReason | undefined {
  if (!(error instanceof AppError)) return undefined;
  switch (error.kind) {
    case 'invalid':
      return error.details['reason'] === 'inflate-limit' ? 'too-large' : 'damaged';
    case 'range-not-satisfiable':
      return 'damaged';
    case 'unsupported':
      return 'unsupported';
    case 'too-large':
      return 'too-large';
    case 'internal':
      return lastAttempt ? 'damaged' : undefined;
    case 'unavailable':
      return lastAttempt && error.details['reason'] === 'timeout' ? 'timeout' : undefined;
    default:
      return undefined;
  }
}
