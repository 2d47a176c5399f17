import { describe, expect, it } from 'vitest';
import { signInAddress } from './sign-in-address.ts';

describe('signInAddress', () => {
  it('comes back to the study', () => {
    expect(signInAddress({ pathname: '/viewer/ortho', search: '?StudyInstanceUIDs=1.2,1.3' })).toBe(
      '/sign-in?return=%2Fviewer%2Fortho%3FStudyInstanceUIDs%3D1.2%252C1.3',
    );
  });

  it('leaves the names typed into the study list behind', () => {
    expect(signInAddress({ pathname: '/viewer/', search: '?patientName=doe&mrn=42&lng=fr' })).toBe(
      '/sign-in?return=%2Fviewer%2F%3Flng%3Dfr',
    );
  });
});
