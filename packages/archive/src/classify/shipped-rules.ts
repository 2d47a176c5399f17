import { RuleConditions, RuleResult } from '@archwire/contracts';
import type { ViewRule } from './view-rule.ts';

const shipped = (
  id: string,
  name: string,
  conditions: Partial<RuleConditions>,
  result: Partial<RuleResult>,
): ViewRule => ({
  id,
  name,
  active: true,
  source: 'shipped',
  unverified: true,
  conditions: RuleConditions.parse(conditions),
  result: RuleResult.parse(result),
  changedAt: null,
});

/**
 * Habits of equipment that is found in many practices, asked after all rules of the group. From general knowledge: none
 * was tried on the equipment itself, and every one says so on the screen. Their ids never change.
 */
export const SHIPPED_RULES: readonly ViewRule[] = [
  shipped(
    '0190f3a0-0000-7000-8000-000000000001',
    'Panoramic unit that also takes cephalograms and calls all PX',
    { modality: 'PX', seriesDescription: '*ceph*' },
    { view: 'ceph-lateral' },
  ),
  shipped(
    '0190f3a0-0000-7000-8000-000000000002',
    'Planmeca ProMax: a wide radiograph is a panoramic',
    {
      manufacturer: '*planmeca*',
      modelName: '*promax*',
      readView: 'radiograph',
      minColumns: 2000,
      maxRows: 1700,
    },
    { view: 'panoramic' },
  ),
  shipped(
    '0190f3a0-0000-7000-8000-000000000003',
    'Carestream CS 8000 and 9000: a wide radiograph is a panoramic',
    { manufacturer: '*carestream*', readView: 'radiograph', minColumns: 2000, maxRows: 1700 },
    { view: 'panoramic' },
  ),
  shipped(
    '0190f3a0-0000-7000-8000-000000000004',
    'Intraoral sensor that writes the tooth into the protocol',
    { modality: 'IO', protocolName: 'tooth *' },
    { view: 'periapical', teethFromWords: 'iso' },
  ),
];
