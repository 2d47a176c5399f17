// Nothing but this code is involved.
import { expect, it } from 'vitest';
import { calibrationOf } from './calibration.ts';

const ds = (...values: number[]) => ({ vr: 'DS', Value: values });
it.each([
  ['nothing said', {}, 'uncalibrated', undefined],
  ['spacing of the detector alone', { '00181164': ds(0.1, 0.1) }, 'atDetector', 0.1],
  [
    'the same twice is no calibration',
    { '00181164': ds(0.1, 0.1), '00280030': ds(0.1, 0.1) },
    'atDetector',
    0.1,
  ],
  [
    'calibrated by a fiducial',
    { '00181164': ds(0.1), '00280030': ds(0.1), '00280A02': { vr: 'CS', Value: ['FIDUCIAL'] } },
    'calibrated',
    0.1,
  ],
  ['another spacing than the detector’s', { '00181164': ds(0.1), '00280030': ds(0.09) }, 'calibrated', 0.09],
  ['magnification stated', { '00181164': ds(0.11), '00181114': ds(1.1) }, 'corrected', 0.1],
  [
    'magnification by distances',
    { '00181164': ds(0.1057), '00181110': ds(1611), '00181111': ds(1524) },
    'corrected',
    0.1057 / (1611 / 1524),
  ],
  [
    'hostile figures',
    { '00181164': { vr: 'DS', Value: ['x', null] }, '00181114': ds(0) },
    'uncalibrated',
    undefined,
  ],
])('%s', (_, set, source, spacing) => {
  const found = calibrationOf(set, 'ceph-lateral');
  expect(found.source).toBe(source);
  if (spacing === undefined) expect(found.spacing).toBeUndefined();
  else expect(found.spacing).toBeCloseTo(spacing, 9);
});

it('never calls a panoramic calibrated', () => {
  expect(calibrationOf({ '00280030': ds(0.1) }, 'panoramic')).toEqual({
    source: 'panoramic',
    spacing: undefined,
  });
});
