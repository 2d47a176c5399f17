import { recordFileProblem } from '../record-file-problem.ts';
import { assertCoordinate, breathe, MESH_LIMITS, type Triangles } from './triangles.ts';

const HEADER = 84;
const TRIANGLE = 50;
const AT_ONCE = 100_000;

const readBinary = async (file: Buffer, count: number): Promise<Triangles> => {
  const coordinates = new Float32Array(count * 9);
  for (let triangle = 0; triangle < count; triangle += 1) {
    // Behind the normal, which follows from the corners.
    const from = HEADER + triangle * TRIANGLE + 12;
    for (let at = 0; at < 9; at += 1)
      coordinates[triangle * 9 + at] = assertCoordinate(file.readFloatLE(from + at * 4));
    if (triangle % AT_ONCE === AT_ONCE - 1) await breathe();
  }
  return { count, coordinates };
};

const VERTEX = /^\s*vertex\s+(\S+)\s+(\S+)\s+(\S+)\s*$/;
const MAX_LINE = 400;

const readText = async (file: Buffer): Promise<Triangles> => {
  const values: number[] = [];
  let isEnded = false;
  let lines = 0;
  for (let at = 0; at < file.length;) {
    const next = file.indexOf(0x0a, at);
    const end = next === -1 ? file.length : next;
    if (end - at > MAX_LINE) throw recordFileProblem('mesh-damaged');
    const line = file.toString('latin1', at, end);
    at = end + 1;
    const match = VERTEX.exec(line);
    if (match !== null)
      for (const word of match.slice(1))
        values.push(assertCoordinate(word === '' ? Number.NaN : Number(word)));
    else if (/^\s*endsolid/.test(line)) isEnded = true;
    if (values.length > MESH_LIMITS.triangles * 9) throw recordFileProblem('mesh-too-large');
    lines += 1;
    if (lines % AT_ONCE === 0) await breathe();
  }
  if (!isEnded || values.length % 9 !== 0) throw recordFileProblem('mesh-damaged');
  return { count: values.length / 9, coordinates: Float32Array.from(values) };
};

/** Whether the size agrees with the number of triangles that the header claims; the only sign that binary STL has. */
export const isBinaryStl = (head: Buffer, size: number): boolean =>
  head.length >= HEADER && size === HEADER + head.readUInt32LE(80) * TRIANGLE;

/**
 * Reads an STL, binary or text. @throws AppError `invalid`: `mesh-damaged` (counts that lie, values that are no place),
 * `mesh-empty`, `mesh-too-large`.
 */
export const readStl = async (file: Buffer): Promise<Triangles> => {
  if (file.length > MESH_LIMITS.bytes) throw recordFileProblem('mesh-too-large');
  // Many a binary STL begins with `solid` too.
  if (!isBinaryStl(file, file.length)) {
    if (!/^\s*solid\b/.test(file.toString('latin1', 0, 256))) throw recordFileProblem('mesh-damaged');
    const triangles = await readText(file);
    if (triangles.count === 0) throw recordFileProblem('mesh-empty');
    return triangles;
  }
  const count = file.readUInt32LE(80);
  if (count === 0) throw recordFileProblem('mesh-empty');
  if (count > MESH_LIMITS.triangles) throw recordFileProblem('mesh-too-large');
  return await readBinary(file, count);
};
