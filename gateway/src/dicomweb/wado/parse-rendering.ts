import { AppError } from '@archwire/contracts';
import type { RenderOptions } from '@archwire/dicom';

const invalid = (parameter: string, form: string): AppError =>
  new AppError('invalid', `${parameter} has the form ${form}.`, { details: { parameter } });

const VIEWPORT = 'width,height or width,height,x,y,width,height';
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
  const source = items.slice(2).map(Number);
  const [x = 0, y = 0, sourceWidth = 0, sourceHeight = 0] = source;
  if (items.includes('') || !source.every(Number.isFinite) || sourceWidth === 0 || sourceHeight === 0) {
    throw invalid('viewport', VIEWPORT);
  }
  return { width, height, enlarge: true, source: { x, y, width: sourceWidth, height: sourceHeight } };
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

/** Rendering parameters of PS3.18 section 8.3.5. @throws AppError `invalid` that shows the form of a wrong one. */
export const parseRendering = (
  parameters: URLSearchParams,
  mediaType: RenderOptions['mediaType'],
): RenderOptions & { readonly ignored: readonly string[] } => {
  const viewport = parameters.get('viewport');
  const window = parameters.get('window');
  const quality = parameters.get('quality');
  return {
    mediaType,
    ...(viewport === null ? {} : { viewport: parseViewport(viewport) }),
    ...(window === null ? {} : { window: parseWindow(window) }),
    ...(quality === null ? {} : { quality: parseQuality(quality) }),
    ignored: ['annotation', 'iccprofile'].filter((name) => parameters.has(name)),
  };
};
