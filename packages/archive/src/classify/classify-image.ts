import {
  type ImageLaterality,
  type ImageView,
  type RuleResult,
  TEETH,
  type ViewOrigin,
} from '@archwire/contracts';
import type { ImageTraits, ReadView } from './image-traits.ts';
import { matchesRule } from './matches-rule.ts';
import type { ViewRule } from './view-rule.ts';

/** What counts of an image. */
export interface Classification {
  readonly view: ImageView;
  readonly teeth: readonly string[];
  readonly laterality: ImageLaterality | null;
  readonly viewKey: string | null;
  readonly origin: ViewOrigin;
  readonly ruleId: string | null;
}

const NUMBERS = /(?<!\d)\d{1,2}(?!\d)/g;

/** Universal numbers go around the mouth from the upper right: 1 to 16, then 17 to 32 from the lower left. */
const fromUniversal = (number: number): string | undefined => {
  if (number >= 1 && number <= 8) return `1${9 - number}`;
  if (number >= 9 && number <= 16) return `2${number - 8}`;
  if (number >= 17 && number <= 24) return `3${25 - number}`;
  return number >= 25 && number <= 32 ? `4${number - 24}` : undefined;
};

const teethIn = (words: string, notation: 'iso' | 'universal'): readonly string[] => {
  const teeth = (words.match(NUMBERS) ?? []).flatMap((number) => {
    const tooth = notation === 'iso' ? number : fromUniversal(Number(number));
    return tooth !== undefined && TEETH.includes(tooth) ? [tooth] : [];
  });
  return [...new Set(teeth)];
};

const teethOf = (result: RuleResult, traits: ImageTraits): readonly string[] | null => {
  if (result.teethFromWords === null) return result.teeth;
  const words = `${traits.protocolName ?? ''} ${traits.seriesDescription ?? ''}`.slice(0, 512);
  const found = teethIn(words, result.teethFromWords);
  return found.length > 0 ? found : result.teeth;
};

/**
 * What an image shows after the rules: the first that is about it decides. What codes say stays, each for itself (view,
 * teeth, side), unless the rule knows that the device sends them wrong. Slices of a volume are no matter of rules.
 */
export const classifyImage = (
  read: ReadView,
  traits: ImageTraits,
  rules: readonly ViewRule[],
): Classification => {
  const unchanged: Classification = { ...read, ruleId: null };
  if (read.view === 'cbct') return unchanged;
  const rule = rules.find(({ active, conditions }) => active && matchesRule(conditions, traits, read));
  if (rule === undefined) return unchanged;
  const { result } = rule;
  const view = result.overridesCodes || read.origin !== 'codes' ? result.view : null;
  const teeth = result.overridesCodes || read.teeth.length === 0 ? teethOf(result, traits) : null;
  const laterality = result.overridesCodes || read.laterality === null ? result.laterality : null;
  if (view === null && teeth === null && laterality === null) return unchanged;
  return {
    view: view ?? read.view,
    teeth: teeth ?? read.teeth,
    laterality: laterality ?? read.laterality,
    viewKey: view === null || view === read.view ? read.viewKey : null,
    origin: 'rule',
    ruleId: rule.id,
  };
};
