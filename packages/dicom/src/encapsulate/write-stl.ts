import type { Triangles } from './triangles.ts';

const HEADER = 84;
const TRIANGLE = 50;
const TITLE = 'Binary STL, mm';

/** Binary STL, the one form that DICOM takes (PS3.3 A.85.1). Normals are made from the corners. */
export const writeStl = ({ count, coordinates }: Triangles): Buffer => {
  const file = Buffer.alloc(HEADER + count * TRIANGLE);
  // Not `solid`: readers would take it for text.
  file.write(TITLE, 0, 'latin1');
  file.writeUInt32LE(count, 80);
  for (let triangle = 0; triangle < count; triangle += 1) {
    const from = HEADER + triangle * TRIANGLE;
    const at = (index: number): number => coordinates[triangle * 9 + index] ?? 0;
    const u = [at(3) - at(0), at(4) - at(1), at(5) - at(2)] as const;
    const v = [at(6) - at(0), at(7) - at(1), at(8) - at(2)] as const;
    const n = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]] as const;
    const length = Math.hypot(...n) || 1;
    n.forEach((value, index) => file.writeFloatLE(value / length, from + index * 4));
    for (let index = 0; index < 9; index += 1) file.writeFloatLE(at(index), from + 12 + index * 4);
  }
  return file;
};
