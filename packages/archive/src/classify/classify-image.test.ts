// Nothing is real here but the rules: they are pure.
import { RuleConditions, RuleResult } from '@archwire/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classifyImage } from './classify-image.ts';
import type { ImageTraits, ReadView } from './image-traits.ts';
import { matchesPattern } from './matches-pattern.ts';
import { SHIPPED_RULES } from './shipped-rules.ts';
import type { ViewRule } from './view-rule.ts';

const DEVICE = '11111111-1111-7111-8111-111111111111';
const TRAITS: ImageTraits = {
  deviceId: DEVICE,
  manufacturer: 'Sensor GmbH',
  modelName: 'X 1',
  stationName: 'ROOM-2',
  sopClassUid: '1.2.840.10008.5.1.4.1.1.1.1',
  modality: 'DX',
  rows: 1316,
  columns: 2892,
  seriesDescription: 'Exam 1',
  protocolName: 'Tooth 36 + 37',
};
const READ: ReadView = { view: 'radiograph', teeth: [], laterality: null, viewKey: null, origin: 'class' };
const rule = (conditions: Partial<RuleConditions>, result: Partial<RuleResult>, id = DEVICE): ViewRule => ({
  id,
  name: 'r',
  active: true,
  source: 'person',
  unverified: false,
  conditions: RuleConditions.parse(conditions),
  result: RuleResult.parse(result),
  changedAt: null,
});

describe('a rule', () => {
  it.each([
    ['is about its device', { deviceId: DEVICE }, true],
    ['is about no other', { deviceId: '22222222-2222-7222-8222-222222222222' }, false],
    ['takes wildcards', { manufacturer: 'sensor*', modelName: 'x ?' }, true],
    ['needs all that it asks for', { manufacturer: 'sensor*', modelName: 'y*' }, false],
    ['asks for a size', { minColumns: 2000, maxRows: 1316 }, true],
    ['asks for a size that is not', { minColumns: 2000, maxRows: 1315 }, false],
    ['asks for what the object says', { readView: 'cbct' as const }, false],
  ])('%s', (_, conditions, isAbout) => {
    const { view, origin } = classifyImage(READ, TRAITS, [rule(conditions, { view: 'panoramic' })]);
    expect([view, origin]).toEqual(isAbout ? ['panoramic', 'rule'] : ['radiograph', 'class']);
  });

  it('yields to codes, each for itself, unless it knows that the device sends them wrong', () => {
    const coded: ReadView = { ...READ, view: 'periapical', teeth: ['11'], origin: 'codes' };
    const result: Partial<RuleResult> = { view: 'bitewing', teeth: ['46'], laterality: 'R' };
    expect([
      classifyImage(coded, TRAITS, [rule({ deviceId: DEVICE }, result)]),
      classifyImage(coded, TRAITS, [rule({ deviceId: DEVICE }, { ...result, overridesCodes: true })]),
      classifyImage(coded, TRAITS, [rule({ deviceId: DEVICE }, { view: 'bitewing' })]),
    ]).toEqual([
      { ...coded, laterality: 'R', origin: 'rule', ruleId: DEVICE },
      { ...coded, ...result, origin: 'rule', ruleId: DEVICE },
      { ...coded, ruleId: null },
    ]);
  });

  it('reads teeth from the words of the device, in either notation', () => {
    const teeth = (teethFromWords: 'iso' | 'universal') =>
      classifyImage(READ, TRAITS, [rule({ deviceId: DEVICE }, { view: 'periapical', teethFromWords })]).teeth;
    // 36 and 37 are no universal numbers; 1, of the series, is one.
    expect([teeth('iso'), teeth('universal')]).toEqual([['36', '37'], ['18']]);
  });

  it('the first that is about an image decides, and one that is off does not', () => {
    const rules = [
      { ...rule({ deviceId: DEVICE }, { view: 'scan' }), active: false },
      rule({ modality: 'DX' }, { view: 'ceph-lateral' }),
      rule({ deviceId: DEVICE }, { view: 'panoramic' }),
    ];
    expect(classifyImage(READ, TRAITS, rules).view).toBe('ceph-lateral');
  });

  it('has nothing to say about slices of a volume', () => {
    const slice: ReadView = { ...READ, view: 'cbct' };
    expect(classifyImage(slice, TRAITS, [rule({ deviceId: DEVICE }, { view: 'panoramic' })])).toEqual({
      ...slice,
      ruleId: null,
    });
  });

  it('of one device never changes an image of another, whatever else it asks for', () => {
    const text = fc.option(fc.string({ maxLength: 8 }), { nil: null });
    fc.assert(
      fc.property(
        fc.uuid(),
        fc.option(fc.uuid(), { nil: null }),
        fc.record({ manufacturer: text, seriesDescription: text, protocolName: text }),
        (deviceId, other, words) => {
          fc.pre(deviceId !== other);
          const about: RuleConditions = { ...RuleConditions.parse({ deviceId }), ...words };
          const one = { ...rule({}, { view: 'scan', overridesCodes: true }), conditions: about };
          const image = { ...TRAITS, ...words, deviceId: other };
          expect(classifyImage(READ, image, [one])).toEqual({ ...READ, ruleId: null });
        },
      ),
    );
  });

  it('that is shipped says that nobody has tried it, and is well formed', () => {
    expect(SHIPPED_RULES.map(({ unverified, active }) => [unverified, active])).toEqual(
      SHIPPED_RULES.map(() => [true, true]),
    );
    expect(new Set(SHIPPED_RULES.map(({ id }) => id)).size).toBe(SHIPPED_RULES.length);
    const ceph = classifyImage(
      { ...READ, view: 'panoramic' },
      { ...TRAITS, modality: 'PX', seriesDescription: 'CEPH lat' },
      SHIPPED_RULES,
    );
    expect(ceph.view).toBe('ceph-lateral');
  });
});

describe('a pattern', () => {
  it.each([
    ['*pano*', 'PANO adult', true],
    ['pano', 'PANO adult', false],
    ['pa?o*', 'Pano', true],
    ['*', '', true],
    ['a*b*c', 'aXbXbc', true],
    ['a*b*c', 'aXbXbcd', false],
    ['Téléradio*', 'te\u0301le\u0301radio', true],
    ['téléradio', 'TÉLÉRADIO', true],
  ])('%s and %s', (pattern, text, fits) => {
    expect(matchesPattern(pattern, text)).toBe(fits);
  });

  it('fits as an expression of the same meaning does', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
    fc.assert(
      fc.property(letters, fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 }), (pattern, text) => {
        const same = new RegExp(`^${pattern.replaceAll(/\*+/g, '.*').replaceAll('?', '.')}$`);
        expect(matchesPattern(pattern, text)).toBe(same.test(text));
      }),
    );
  });

  it('takes its time from lengths alone', () => {
    expect(matchesPattern('*a'.repeat(50), 'a'.repeat(255) + 'b')).toBe(false);
  });
});
