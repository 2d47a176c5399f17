import { drawSvg } from './draw-svg.ts';
import type { Picture } from './picture.ts';
import { strokePath, strokeWidth } from './stroke-font.ts';

/** Lines of text burnt into a rendered picture: who (top left) and how it was made (bottom left). */
export interface Annotation {
  readonly patient: readonly string[];
  readonly technique: readonly string[];
}

const LARGEST_UNIT = 4;
const LINE = 9;
/** No name or number is longer. */
const MAX_CHARACTERS = 200;

/** Letters as high as a fortieth of the picture, smaller where a line would not fit; white with a dark rim, to be read on anything. */
export async function annotatePicture(picture: Picture, annotation: Annotation): Promise<Picture> {
  const { width, height } = picture;
  const patient = annotation.patient.map((line) => line.slice(0, MAX_CHARACTERS));
  const technique = annotation.technique.map((line) => line.slice(0, MAX_CHARACTERS));
  const lines = [...patient, ...technique];
  const longest = Math.max(1, ...lines.map((line) => strokeWidth(line, 1)));
  const unit = Math.min(
    LARGEST_UNIT,
    Math.max(width, height) / 240,
    (width * 0.94) / longest,
    height / (LINE * (lines.length + 2)),
  );
  const margin = 3 * unit;
  const bottom = height - margin - technique.length * LINE * unit;
  const path =
    patient.map((line, n) => strokePath(line, margin, margin + n * LINE * unit, unit)).join('') +
    technique.map((line, n) => strokePath(line, margin, bottom + (n + 0.3) * LINE * unit, unit)).join('');
  if (path === '') return picture;
  const stroke = (colour: string, thickness: number) =>
    `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${thickness * unit}" stroke-linecap="round" stroke-linejoin="round"/>`;
  return await drawSvg(picture, stroke('#000', 2) + stroke('#fff', 0.9));
}
