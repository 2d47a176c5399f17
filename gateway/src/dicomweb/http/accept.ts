import { type MediaType, parseMediaType, splitList } from './media-type.ts';

/** One entry of an Accept header, with its weight taken out of the parameters. */
export interface AcceptRange extends MediaType {
  /** 0 to 1; 0 is "not this". */
  readonly q: number;
}

/**
 * The Accept header and the `accept` query parameters of DICOMweb (PS3.18 section 8.3.3.1), the parameters first.
 * Nothing said is everything accepted. Entries that are not media ranges are left out.
 */
export const parseAccept = (header: string, parameters: readonly string[]): readonly AcceptRange[] => {
  const texts = [...parameters.flatMap(splitList), ...(parameters.length === 0 ? splitList(header) : [])];
  const ranges = texts.flatMap((text) => {
    const range = parseMediaType(text);
    if (range === undefined) return [];
    const q = Number(range.parameters.get('q') ?? '1');
    return [{ ...range, q: q >= 0 && q <= 1 ? q : 1 }];
  });
  return texts.length === 0 ? [{ essence: '*/*', parameters: new Map(), q: 1 }] : ranges;
};

const covers = (range: string, essence: string): boolean =>
  range === '*/*' || range === essence || (range.endsWith('/*') && essence.startsWith(range.slice(0, -1)));

const specificity = (range: AcceptRange): number =>
  (range.essence === '*/*' ? 0 : range.essence.endsWith('/*') ? 1 : 2) +
  (range.parameters.size > 0 ? 0.5 : 0);

/** What we can answer with. `matches` looks at the parameters of a range that names the type (`type`, `transfer-syntax`). */
export interface Representation<T> {
  readonly essence: string;
  readonly value: T;
  readonly matches?: (parameters: ReadonlyMap<string, string>) => boolean;
}

/** The best of `offers` for the ranges; of equals the one offered first. `undefined` is 406. */
export const negotiate = <T>(
  ranges: readonly AcceptRange[],
  offers: readonly Representation<T>[],
): Representation<T> | undefined => {
  let best: { readonly offer: Representation<T>; readonly q: number } | undefined;
  for (const offer of offers) {
    const fitting = ranges
      .filter((range) => covers(range.essence, offer.essence))
      .filter((range) => range.essence !== offer.essence || (offer.matches?.(range.parameters) ?? true))
      .toSorted((a, b) => specificity(b) - specificity(a));
    const top = fitting[0];
    if (top === undefined) continue;
    const level = specificity(top);
    const q = Math.max(...fitting.filter((range) => specificity(range) === level).map((range) => range.q));
    if (q > 0 && (best === undefined || q > best.q)) best = { offer, q };
  }
  return best?.offer;
};
