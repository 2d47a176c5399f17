import type { RuleConditions } from '@archwire/contracts';
import type { ImageTraits, ReadView } from './image-traits.ts';
import { matchesPattern } from './matches-pattern.ts';

const within = (value: number | null, least: number | null, most: number | null): boolean =>
  (least === null && most === null) ||
  (value !== null && value >= (least ?? -Infinity) && value <= (most ?? Infinity));

const same = (wanted: string | null, given: string | null): boolean => wanted === null || wanted === given;
const fits = (pattern: string | null, given: string | null): boolean =>
  pattern === null || matchesPattern(pattern, given);

/** Whether a rule is about this image: everything that it asks for holds. */
export const matchesRule = (
  conditions: RuleConditions,
  traits: ImageTraits,
  read: Pick<ReadView, 'view'>,
): boolean =>
  same(conditions.deviceId, traits.deviceId) &&
  same(conditions.sopClassUid, traits.sopClassUid) &&
  same(conditions.modality, traits.modality) &&
  same(conditions.readView, read.view) &&
  within(traits.rows, conditions.minRows, conditions.maxRows) &&
  within(traits.columns, conditions.minColumns, conditions.maxColumns) &&
  fits(conditions.manufacturer, traits.manufacturer) &&
  fits(conditions.modelName, traits.modelName) &&
  fits(conditions.stationName, traits.stationName) &&
  fits(conditions.seriesDescription, traits.seriesDescription) &&
  fits(conditions.protocolName, traits.protocolName);
