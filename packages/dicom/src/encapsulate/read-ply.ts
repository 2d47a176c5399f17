import { recordFileProblem } from '../record-file-problem.ts';
import { unfold } from './read-obj.ts';
import { assertCoordinate, breathe, MESH_LIMITS, type Triangles } from './triangles.ts';

type Format = 'ascii' | 'binary_little_endian' | 'binary_big_endian';
interface Property {
  readonly name: string;
  readonly type: string;
  /** Type of the number of values, for a list. */
  readonly countType: string | null;
}
interface Element {
  readonly name: string;
  readonly count: number;
  readonly properties: readonly Property[];
}

const SIZES: Readonly<Record<string, number>> = {
  char: 1, int8: 1, uchar: 1, uint8: 1, short: 2, int16: 2, ushort: 2, uint16: 2,
  int: 4, int32: 4, uint: 4, uint32: 4, float: 4, float32: 4, double: 8, float64: 8,
}; // prettier-ignore
const MAX_HEADER = 64 * 1024;
const MAX_ELEMENTS = 16;
const MAX_CORNERS = 256;
const AT_ONCE = 50_000;

const damaged = () => recordFileProblem('mesh-damaged');

const readHeader = (file: Buffer) => {
  const end = file.subarray(0, MAX_HEADER).indexOf('end_header');
  if (end === -1) throw damaged();
  const lines = file
    .toString('latin1', 0, end)
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  let format: Format | undefined;
  const elements: { name: string; count: number; properties: Property[] }[] = [];
  for (const [word, one = '', two = '', three = '', four = ''] of lines) {
    if (
      word === 'format' &&
      (one === 'ascii' || one === 'binary_little_endian' || one === 'binary_big_endian')
    )
      format = one;
    if (word === 'element') {
      const count = Number(two);
      if (!Number.isInteger(count) || count < 0 || count > file.length || elements.length >= MAX_ELEMENTS)
        throw damaged();
      elements.push({ name: one, count, properties: [] });
    }
    if (word === 'property') {
      const property =
        one === 'list'
          ? { name: four, type: three, countType: two }
          : { name: two, type: one, countType: null };
      if (SIZES[property.type] === undefined) throw damaged();
      if (property.countType !== null && SIZES[property.countType] === undefined) throw damaged();
      elements.at(-1)?.properties.push(property);
    }
  }
  const lineEnd = file.indexOf(0x0a, end);
  if (format === undefined || lineEnd === -1) throw damaged();
  return { format, elements, body: lineEnd + 1 };
};

/** Gives the values of the body one after the other. */
const createValues = (file: Buffer, body: number, format: Format): ((type: string) => number) => {
  let at = body;
  if (format === 'ascii') {
    return () => {
      while (at < file.length && (file[at] ?? 0) <= 0x20) at += 1;
      const from = at;
      while (at < file.length && (file[at] ?? 0) > 0x20) at += 1;
      if (from === at || at - from > 64) throw damaged();
      return Number(file.toString('latin1', from, at));
    };
  }
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const little = format === 'binary_little_endian';
  const read: Readonly<Record<string, (from: number) => number>> = {
    char: (from) => view.getInt8(from), int8: (from) => view.getInt8(from),
    uchar: (from) => view.getUint8(from), uint8: (from) => view.getUint8(from),
    short: (from) => view.getInt16(from, little), int16: (from) => view.getInt16(from, little),
    ushort: (from) => view.getUint16(from, little), uint16: (from) => view.getUint16(from, little),
    int: (from) => view.getInt32(from, little), int32: (from) => view.getInt32(from, little),
    uint: (from) => view.getUint32(from, little), uint32: (from) => view.getUint32(from, little),
    float: (from) => view.getFloat32(from, little), float32: (from) => view.getFloat32(from, little),
    double: (from) => view.getFloat64(from, little), float64: (from) => view.getFloat64(from, little),
  }; // prettier-ignore
  return (type) => {
    const size = SIZES[type] ?? 0;
    if (at + size > file.length) throw damaged();
    const value = read[type]?.(at) ?? Number.NaN;
    at += size;
    return value;
  };
};

/** Reads the surface of a PLY: its vertices and faces, polygons as fans. @throws AppError as `readStl`. */
export const readPly = async (file: Buffer): Promise<Triangles> => {
  if (file.length > MESH_LIMITS.bytes) throw recordFileProblem('mesh-too-large');
  const { format, elements, body } = readHeader(file);
  const next = createValues(file, body, format);
  const vertices: number[] = [];
  const corners: number[] = [];

  const list = ({ type, countType }: Property): number[] => {
    const count = next(countType ?? '');
    if (!Number.isInteger(count) || count < 0 || count > MAX_CORNERS) throw damaged();
    return Array.from({ length: count }, () => next(type));
  };
  const readElement = ({ name, properties }: Element): void => {
    const point = { x: Number.NaN, y: Number.NaN, z: Number.NaN };
    for (const property of properties) {
      const values = property.countType === null ? [next(property.type)] : list(property);
      const [value = Number.NaN] = values;
      if (property.name === 'x' || property.name === 'y' || property.name === 'z')
        point[property.name] = value;
      if (name !== 'face' || !/^vertex_ind(ex|ices)$/.test(property.name)) continue;
      const vertexCount = vertices.length / 3;
      if (values.some((index) => !Number.isInteger(index) || index < 0 || index >= vertexCount))
        throw damaged();
      for (let at = 2; at < values.length; at += 1)
        corners.push(values[0] ?? 0, values[at - 1] ?? 0, values[at] ?? 0);
    }
    if (name === 'vertex')
      vertices.push(assertCoordinate(point.x), assertCoordinate(point.y), assertCoordinate(point.z));
    if (vertices.length > MESH_LIMITS.triangles * 9 || corners.length > MESH_LIMITS.triangles * 3)
      throw recordFileProblem('mesh-too-large');
  };

  for (const element of elements) {
    for (let at = 0; at < element.count; at += 1) {
      readElement(element);
      if (at % AT_ONCE === AT_ONCE - 1) await breathe();
    }
  }
  if (corners.length === 0) throw recordFileProblem('mesh-empty');
  return unfold(vertices, corners);
};
