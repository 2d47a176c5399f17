import { AppError } from '@archwire/contracts';
import type { RenderOptions } from '@archwire/dicom';
import type { AnnotationKind } from './annotation-of.ts';

const invalid = (parameter: string, form: string): AppError =>
  new AppError('invalid', `${parameter} has the form ${form}.`, { details: { parameter } });

const VIEWPORT = 'width,height or width,height,x,y,width,height, where the last four may be left empty';
const WINDOW = 'center,width,function with linear, linear-exact or sigmoid';
const MAX_VIEWPORT = 16_384;

const FUNCTIONS = { linear: 'LINEAR', 'linear-exact': 'LINEAR_EXACT', sigmoid: 'SIGMOID' } as const;

const windowFunction = (text: string): (typeof FUNCTIONS)[keyof typeof FUNCTIONS] => {
  const name = text.trim().toLowerCase();
  if (name === 'linear' || name === 'linear-exact' || name === 'sigmoid') return FUNCTIONS[name];
  throw invalid('window', WINDOW);
};

const parseViewport = (text: string): NonNullable<RenderOptions['viewport']> => {
  const items = text.split(',').map((item) => item.trim());
  const [width = Number.NaN, height = Number.NaN] = items.slice(0, 2).map(Number);
  const inside = (side: number): boolean => Number.isInteger(side) && side >= 1 && side <= MAX_VIEWPORT;
  if ((items.length !== 2 && items.length !== 6) || !inside(width) || !inside(height))
    throw invalid('viewport', VIEWPORT);
  if (items.length === 2) return { width, height, enlarge: true };
  // Left empty, a region begins at the first pixel and reaches to the last.
  const part = (at: number, fallback: number): number => (items[at] === '' ? fallback : Number(items[at]));
  const source = {
    x: part(2, 0),
    y: part(3, 0),
    width: part(4, Number.MAX_SAFE_INTEGER),
    height: part(5, Number.MAX_SAFE_INTEGER),
  };
  if (!Object.values(source).every(Number.isFinite) || source.width === 0 || source.height === 0)
    throw invalid('viewport', VIEWPORT);
  return { width, height, enlarge: true, source };
};

const parseWindow = (text: string): NonNullable<RenderOptions['window']> => {
  const [center = '', width = '', name = 'linear', ...more] = text.split(',');
  const values = { center: Number(center), width: Number(width) };
  if (center.trim() === '' || !Number.isFinite(values.center) || !(values.width > 0) || more.length > 0) {
    throw invalid('window', WINDOW);
  }
  return { ...values, function: windowFunction(name) };
};

const parseQuality = (text: string): number => {
  const quality = Number(text);
  if (!Number.isInteger(quality) || quality < 1 || quality > 100)
    throw invalid('quality', 'a whole number from 1 to 100');
  return quality;
};

const isAnnotation = (word: string): word is AnnotationKind => word === 'patient' || word === 'technique';

const parseAnnotation = (text: string): ReadonlySet<AnnotationKind> => {
  const words = text.split(',').map((word) => word.trim().toLowerCase());
  const known = words.filter(isAnnotation);
  if (known.length !== words.length) throw invalid('annotation', 'patient, technique or patient,technique');
  return new Set(known);
};

const parseIccProfile = (text: string): NonNullable<RenderOptions['iccProfile']> | undefined => {
  const word = text.trim().toLowerCase();
  if (word === 'no') return undefined;
  if (word === 'yes') return 'embed';
  if (word === 'srgb') return 'srgb';
  throw invalid('iccprofile', 'no, yes or srgb; other colour spaces are not made here');
};

/** What a request asks of its pictures. */
export type Rendering = RenderOptions & { readonly annotated: ReadonlySet<AnnotationKind> };

/** Rendering parameters of PS3.18 section 8.3.5. @throws AppError `invalid` that shows the form of a wrong one. */
export const parseRendering = (
  parameters: URLSearchParams,
  mediaType: RenderOptions['mediaType'],
): Rendering => {
  const viewport = parameters.get('viewport');
  const window = parameters.get('window');
  const quality = parameters.get('quality');
  const annotation = parameters.get('annotation');
  const iccProfile = parseIccProfile(parameters.get('iccprofile') ?? 'no');
  if (iccProfile !== undefined && mediaType === 'image/gif')
    throw invalid('iccprofile', 'no for image/gif, which holds none. Ask for image/png');
  return {
    mediaType,
    ...(viewport === null ? {} : { viewport: parseViewport(viewport) }),
    ...(window === null ? {} : { window: parseWindow(window) }),
    ...(quality === null ? {} : { quality: parseQuality(quality) }),
    ...(iccProfile === undefined ? {} : { iccProfile }),
    annotated: annotation === null ? new Set() : parseAnnotation(annotation),
  };
};
