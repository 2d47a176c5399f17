import { recordFileProblem } from '../record-file-problem.ts';
import { assertCoordinate, breathe, MESH_LIMITS, type Triangles } from './triangles.ts';

const AT_ONCE = 100_000;
/** A polygon of many corners stands on one line. */
const MAX_LINE = 10_000;
const MAX_VERTICES = MESH_LIMITS.triangles * 3;

/** Reads the surface of a Wavefront OBJ: its vertices and faces, polygons as fans. @throws AppError as `readStl`. */
export const readObj = async (file: Buffer): Promise<Triangles> => {
  if (file.length > MESH_LIMITS.bytes) throw recordFileProblem('mesh-too-large');
  const vertices: number[] = [];
  const corners: number[] = [];
  let lines = 0;

  const face = (words: readonly string[]): void => {
    const indices = words.map((word) => {
      const number = Number(word.split('/', 1)[0]);
      const index = number < 0 ? vertices.length / 3 + number : number - 1;
      if (!Number.isInteger(number) || index < 0 || index >= vertices.length / 3)
        throw recordFileProblem('mesh-damaged');
      return index;
    });
    if (indices.length < 3) throw recordFileProblem('mesh-damaged');
    for (let at = 2; at < indices.length; at += 1)
      corners.push(indices[0] ?? 0, indices[at - 1] ?? 0, indices[at] ?? 0);
  };

  for (let at = 0; at < file.length;) {
    const next = file.indexOf(0x0a, at);
    const end = next === -1 ? file.length : next;
    const [first, second] = [file[at], file[at + 1]];
    // Normals, texture and names are not looked at.
    if ((first === 0x76 || first === 0x66) && (second === 0x20 || second === 0x09)) {
      if (end - at > MAX_LINE) throw recordFileProblem('mesh-damaged');
      const words = file
        .toString('latin1', at + 2, end)
        .trim()
        .split(/\s+/);
      if (first === 0x66) face(words);
      else {
        if (words.length < 3) throw recordFileProblem('mesh-damaged');
        for (const word of words.slice(0, 3))
          vertices.push(assertCoordinate(word === '' ? Number.NaN : Number(word)));
      }
    }
    if (vertices.length > MAX_VERTICES * 3 || corners.length > MESH_LIMITS.triangles * 3)
      throw recordFileProblem('mesh-too-large');
    at = end + 1;
    lines += 1;
    if (lines % AT_ONCE === 0) await breathe();
  }
  if (corners.length === 0) throw recordFileProblem('mesh-empty');
  return unfold(vertices, corners);
};

/** Corners of triangles by the number of their vertex, as coordinates. */
export const unfold = (vertices: ArrayLike<number>, corners: ArrayLike<number>): Triangles => {
  const coordinates = new Float32Array(corners.length * 3);
  for (let at = 0; at < corners.length; at += 1) {
    const from = (corners[at] ?? 0) * 3;
    coordinates[at * 3] = vertices[from] ?? 0;
    coordinates[at * 3 + 1] = vertices[from + 1] ?? 0;
    coordinates[at * 3 + 2] = vertices[from + 2] ?? 0;
  }
  return { count: corners.length / 3, coordinates };
};
