import type { ImageView } from '@archwire/contracts/image-view';
import { type DataSet, sizesOf, textOf } from './dicom-json.ts';

export interface Calibration {
  /** Whether a millimetre in the image is one, and why. */
  readonly source: 'calibrated' | 'corrected' | 'atDetector' | 'uncalibrated' | 'panoramic';
  /** Millimetres between pixels, where there is a figure. */
  readonly spacing: number | undefined;
}

/**
 * What an image says about its size (PS3.3 10.7.1.2): Pixel Spacing (0028,0030) with its calibration type, Imager Pixel
 * Spacing (0018,1164) with the magnification (0018,1114) or the distances (0018,1110), (0018,1111). Never a millimetre
 * without its source; a panoramic has none, whatever it says.
 */
export const calibrationOf = (set: DataSet, view: ImageView): Calibration => {
  if (view === 'panoramic') return { source: 'panoramic', spacing: undefined };
  const [pixel] = sizesOf(set, '00280030');
  const [imager] = sizesOf(set, '00181164');
  const type = textOf(set, '00280A02');
  if (
    pixel !== undefined &&
    (type === 'FIDUCIAL' || type === 'GEOMETRY' || imager === undefined || imager !== pixel)
  )
    return { source: 'calibrated', spacing: pixel };
  if (imager === undefined) return { source: 'uncalibrated', spacing: undefined };
  const [stated] = sizesOf(set, '00181114');
  const [detector] = sizesOf(set, '00181110');
  const [patient] = sizesOf(set, '00181111');
  const factor = stated ?? (detector !== undefined && patient !== undefined ? detector / patient : 0);
  return factor > 0
    ? { source: 'corrected', spacing: imager / factor }
    : { source: 'atDetector', spacing: imager };
};
