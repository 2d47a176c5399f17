import { recordFileProblem } from '../record-file-problem.ts';

/** A surface as nine coordinates for each triangle. */
export interface Triangles {
  readonly count: number;
  readonly coordinates: Float32Array;
}

export const MESH_LIMITS = {
  /** Of the file. */
  bytes: 256 * 1024 * 1024,
  /** A full arch of a fine scanner has half a million. */
  triangles: 4_000_000,
  /** No patient is larger, in millimetres. */
  coordinate: 1e5,
} as const;

/** @throws AppError `invalid` (`mesh-damaged`) for what is no place in space. */
export const assertCoordinate = (value: number): number => {
  if (!(Math.abs(value) <= MESH_LIMITS.coordinate)) throw recordFileProblem('mesh-damaged');
  return value;
};

/** Gives up the thread now and then, so that a large text keeps nobody waiting. */
export const breathe = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));
