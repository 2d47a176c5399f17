import type { DataSet } from 'dicom-parser';
import { decimalOf } from './decimal-strings.ts';
import type { Shutter } from './pixel-description.ts';

/**
 * The Display Shutter of a data set (PS3.3 C.7.6.11): its shapes from `source` (of enhanced objects a functional group).
 * A shape without its numbers is left out; `null` when none is left.
 */
export function readShutter(dataSet: DataSet, source: DataSet): Shutter | null {
  const shapes = (source.string('x00181600') ?? '').split('\\').map((shape) => shape.trim());
  const rectangle = shapes.includes('RECTANGULAR') ? readRectangle(source) : null;
  const circle = shapes.includes('CIRCULAR') ? readCircle(source) : null;
  const polygon = shapes.includes('POLYGONAL') ? readPolygon(source) : null;
  if (rectangle === null && circle === null && polygon === null) return null;
  return { rectangle, circle, polygon, bitmap: null, gray: shutterGray(dataSet) };
}

/** Shutter Presentation Value is a P-Value of 16 bits; black when it is absent. */
export const shutterGray = (dataSet: DataSet): number => Math.round((dataSet.uint16('x00181622') ?? 0) / 257);

function readRectangle(source: DataSet): Shutter['rectangle'] {
  const edge = (tag: string) => decimalOf(source, tag);
  const [left, right, top, bottom] = ['x00181602', 'x00181604', 'x00181606', 'x00181608'].map(edge);
  if (left === undefined || right === undefined || top === undefined || bottom === undefined) return null;
  return { left: left - 1, right: right - 1, top: top - 1, bottom: bottom - 1 };
}

function readCircle(source: DataSet): Shutter['circle'] {
  const y = decimalOf(source, 'x00181610', 0);
  const x = decimalOf(source, 'x00181610', 1);
  const radius = decimalOf(source, 'x00181612');
  if (x === undefined || y === undefined || radius === undefined || radius <= 0) return null;
  return { x: x - 1, y: y - 1, radius };
}

function readPolygon(source: DataSet): Shutter['polygon'] {
  const values = (source.string('x00181620') ?? '').split('\\').map(Number);
  const corners = Array.from({ length: Math.floor(values.length / 2) }, (_, i): readonly [number, number] => [
    (values[2 * i + 1] ?? NaN) - 1,
    (values[2 * i] ?? NaN) - 1,
  ]);
  return corners.length < 3 || corners.flat().some(Number.isNaN) ? null : corners;
}
