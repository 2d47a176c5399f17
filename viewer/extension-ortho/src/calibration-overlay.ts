import type { OverlayInstance, OverlayItem } from './ohif.ts';

// Projection radiographs and photographs: their spacing is not that of the anatomy unless it was calibrated.
const PROJECTIONS = new Set(['CR', 'DX', 'IO', 'PX', 'RG', 'XA', 'RF', 'MG', 'XC', 'OT', 'ES', 'SC']);

/**
 * Says where the millimetres of an image come from, or that there are none (PS3.3 10.7.1.3); empty for
 * cross-sections, whose Pixel Spacing is in the patient.
 */
export function calibrationNote(instance: OverlayInstance): string {
  if (!PROJECTIONS.has(instance.Modality ?? '')) return '';
  const type = instance.PixelSpacingCalibrationType;
  if (instance.PixelSpacing !== undefined && type === 'FIDUCIAL') return 'mm: calibrated on a fiducial';
  if (instance.PixelSpacing !== undefined && type === 'GEOMETRY') return 'mm: corrected by geometry';
  if (instance.ImagerPixelSpacing !== undefined) return 'mm at the detector, not calibrated';
  if (instance.PixelSpacing !== undefined) return 'mm of unknown calibration';
  return 'No calibration: lengths are in pixels';
}

/** Overlay item for a viewport's corner. */
export const calibrationOverlay: OverlayItem = {
  id: 'ArchwireCalibration',
  inheritsFrom: 'ohif.overlayItem',
  label: '',
  title: 'Calibration',
  condition: ({ referenceInstance }) =>
    referenceInstance != null && calibrationNote(referenceInstance) !== '',
  contentF: ({ referenceInstance }) => (referenceInstance == null ? '' : calibrationNote(referenceInstance)),
};
