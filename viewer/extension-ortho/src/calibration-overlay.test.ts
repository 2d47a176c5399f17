import { describe, expect, it } from 'vitest';
import { textsFor } from './texts.ts';
import { calibrationNote, calibrationOverlay } from './calibration-overlay.ts';

describe('calibrationNote (PS3.3 10.7.1.3)', () => {
  it.each([
    [{ Modality: 'CT', PixelSpacing: [0.4, 0.4] }, ''],
    [{ Modality: 'DX', ImagerPixelSpacing: [0.1, 0.1] }, 'mm at the detector, not calibrated'],
    [{ Modality: 'IO', PixelSpacing: [0.02, 0.02] }, 'mm of unknown calibration'],
    [
      { Modality: 'PX', PixelSpacing: [0.1, 0.1], ImagerPixelSpacing: [0.1, 0.1] },
      'mm at the detector, not calibrated',
    ],
    [
      { Modality: 'DX', PixelSpacing: [0.09, 0.09], PixelSpacingCalibrationType: 'FIDUCIAL' },
      'mm: calibrated on a fiducial',
    ],
    [
      { Modality: 'DX', PixelSpacing: [0.09, 0.09], PixelSpacingCalibrationType: 'GEOMETRY' },
      'mm: corrected by geometry',
    ],
    [{ Modality: 'XC' }, 'No calibration: lengths are in pixels'],
  ])('%j', (instance, note) => {
    expect(calibrationNote(instance, textsFor('en'))).toBe(note);
  });
});

describe('calibrationOverlay', () => {
  it('shows itself only when it has something to say', () => {
    expect(
      [undefined, null, { Modality: 'CT' }, { Modality: 'XC' }].map((referenceInstance) =>
        calibrationOverlay(textsFor('en')).condition(
          referenceInstance === undefined ? {} : { referenceInstance },
        ),
      ),
    ).toEqual([false, false, false, true]);
  });
});
