import type { OverlayInstance, OverlayItem } from './ohif.ts';
import type { Texts } from './texts.ts';

// Projection radiographs and photographs: their spacing is not that of the anatomy unless it was calibrated.
const PROJECTIONS = new Set(['CR', 'DX', 'IO', 'PX', 'RG', 'XA', 'RF', 'MG', 'XC', 'OT', 'ES', 'SC']);

/**
 * Says where the millimetres of an image come from, or that there are none (PS3.3 10.7.1.3); empty for
 * cross-sections, whose Pixel Spacing is in the patient.
 */
export function calibrationNote(instance: OverlayInstance, { calibration }: Texts): string {
  if (!PROJECTIONS.has(instance.Modality ?? '')) return '';
  const type = instance.PixelSpacingCalibrationType;
  if (instance.PixelSpacing !== undefined && type === 'FIDUCIAL') return calibration.fiducial;
  if (instance.PixelSpacing !== undefined && type === 'GEOMETRY') return calibration.geometry;
  if (instance.ImagerPixelSpacing !== undefined) return calibration.detector;
  if (instance.PixelSpacing !== undefined) return calibration.unknown;
  return calibration.none;
}

/** Overlay item for a viewport's corner. */
export function calibrationOverlay(texts: Texts): OverlayItem {
  const note = (instance: OverlayInstance | null | undefined): string =>
    instance == null ? '' : calibrationNote(instance, texts);
  return {
    id: 'ArchwireCalibration',
    inheritsFrom: 'ohif.overlayItem',
    label: '',
    title: texts.calibration.title,
    condition: ({ referenceInstance }) => note(referenceInstance) !== '',
    contentF: ({ referenceInstance }) => note(referenceInstance),
  };
}
