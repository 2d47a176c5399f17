import { describe, expect, it } from 'vitest';
import { textsFor } from './texts.ts';

describe('textsFor', () => {
  it('speaks English, French and Spanish in all their regions, and English to everybody else', () => {
    const spoken = ['en-GB', 'fr', 'fr-CA', 'ES-mx', 'de', ''].map((tag) => textsFor(tag).calibration.title);
    expect(spoken).toEqual([
      'Calibration',
      'Étalonnage',
      'Étalonnage',
      'Calibración',
      'Calibration',
      'Calibration',
    ]);
  });

  it('has a sentence for the same failures in every language', () => {
    const statuses = ['en', 'fr', 'es'].map((tag) => Object.keys(textsFor(tag).byStatus));
    expect(statuses).toEqual(Array.from({ length: 3 }, () => ['401', '403', '404', '406', '429', '503']));
  });
});
