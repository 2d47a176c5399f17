import { type ImageView, imageViews } from '@archwire/contracts/image-view';
import { hasPixels, type StudyImage } from './study-image.ts';

/** The same view at two times; one side is missing when only one study has it. */
export interface ViewPair {
  readonly key: string;
  readonly view: ImageView;
  readonly teeth: readonly string[];
  readonly a: StudyImage | undefined;
  readonly b: StudyImage | undefined;
  /** The images do not say which view they are: paired by their order. */
  readonly isGuess: boolean;
}

/** Words that tell what a picture is but not which one: two of them need not show the same. */
const VAGUE: ReadonlySet<ImageView> = new Set(['photo', 'radiograph', 'scan', 'other']);
const WITH_TEETH: ReadonlySet<ImageView> = new Set([
  'periapical',
  'bitewing',
  'bitewing-molar',
  'bitewing-premolar',
]);

const sharedTeeth = (one: StudyImage, other: StudyImage): number => {
  const shared = one.teeth.filter((tooth) => other.teeth.includes(tooth)).length;
  const all = new Set([...one.teeth, ...other.teeth]).size;
  return all === 0 ? 0 : shared / all;
};

/** A volume is one thing to compare: its middle slice stands for it. */
const candidates = (images: readonly StudyImage[], view: ImageView): readonly StudyImage[] => {
  const found = images.filter((image) => image.view === view && hasPixels(image));
  return view === 'cbct' && found.length > 1 ? found.slice(Math.floor(found.length / 2)).slice(0, 1) : found;
};

const byTeeth = (as: readonly StudyImage[], bs: readonly StudyImage[]) => {
  const left = new Set(bs);
  const pairs = as.map((a) => {
    const best = [...left].toSorted((one, other) => sharedTeeth(a, other) - sharedTeeth(a, one))[0];
    const b = best !== undefined && sharedTeeth(a, best) >= 0.5 ? best : undefined;
    if (b !== undefined) left.delete(b);
    return { a, b };
  });
  return [...pairs, ...[...left].map((b) => ({ a: undefined, b }))];
};

/** Exactly the same photograph first (teeth closed with teeth closed), the rest by their order. */
const byOrder = (as: readonly StudyImage[], bs: readonly StudyImage[]) => {
  const left = new Set(bs);
  const same = as.map((a) => {
    const b = a.viewKey === null ? undefined : [...left].find(({ viewKey }) => viewKey === a.viewKey);
    if (b !== undefined) left.delete(b);
    return { a, b };
  });
  const rest = [...left];
  return [
    ...same.map(({ a, b }) => ({ a, b: b ?? rest.shift() })),
    ...rest.map((b) => ({ a: undefined, b })),
  ];
};

/**
 * What of two studies can be laid side by side: same view with same view, teeth with the same teeth (at least half of
 * them). Whole pairs come first, in the order in which records are looked through.
 */
export const pairViews = (as: readonly StudyImage[], bs: readonly StudyImage[]): readonly ViewPair[] => {
  const pairs = imageViews.flatMap((view) => {
    const [left, right] = [candidates(as, view), candidates(bs, view)];
    const matched = WITH_TEETH.has(view) ? byTeeth(left, right) : byOrder(left, right);
    return matched.map(({ a, b }): ViewPair => {
      const isWhole = a !== undefined && b !== undefined;
      const ambiguous = VAGUE.has(view) && left.length + right.length > 2;
      return {
        key: `${a?.instanceId ?? ''}/${b?.instanceId ?? ''}`,
        view,
        teeth: (b ?? a)?.teeth ?? [],
        a,
        b,
        isGuess: isWhole && (VAGUE.has(view) || ambiguous),
      };
    });
  });
  const isWhole = ({ a, b }: ViewPair): boolean => a !== undefined && b !== undefined;
  return [...pairs.filter(isWhole), ...pairs.filter((pair) => !isWhole(pair))];
};

const FAVOURITES: readonly ImageView[] = ['intraoral-front', 'panoramic', 'ceph-lateral', 'face-front-smile'];

/** What a comparison opens with. */
export const firstPair = (pairs: readonly ViewPair[]): ViewPair | undefined => {
  const whole = pairs.filter(({ a, b }) => a !== undefined && b !== undefined);
  const among = whole.length > 0 ? whole : pairs;
  return (
    FAVOURITES.map((view) => among.find((pair) => pair.view === view)).find((pair) => pair !== undefined) ??
    among[0]
  );
};
