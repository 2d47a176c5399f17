import type { PhotoView } from '../studies/photo-views.ts';
import { type Camera, type Colour, photograph, type Picture, type Vector } from './mesh.ts';
import { mouthMeshes } from './mouth.ts';

const CHEEK: Colour = [148, 62, 62];
const DARK: Colour = [38, 12, 14];

/** Dark between the teeth, cheek towards the edges. */
const behindFront = (x: number, y: number): Colour => {
  const k = Math.min(1, Math.hypot(x * 0.95, y * 1.5) ** 2);
  return [
    DARK[0] + (CHEEK[0] - DARK[0]) * k,
    DARK[1] + (CHEEK[1] - DARK[1]) * k,
    DARK[2] + (CHEEK[2] - DARK[2]) * k,
  ];
};
const behindMirror = (x: number, y: number): Colour => {
  const k = 0.5 + 0.5 * Math.max(0, 1 - Math.hypot(x, y) / 1.4);
  return [92 * k, 44 * k, 46 * k];
};

const facing = (yaw: number): Pick<Camera, 'right' | 'up' | 'towards'> => {
  const turn = (yaw * Math.PI) / 180;
  return {
    right: [Math.cos(turn), Math.sin(turn), 0],
    up: [0, 0, 1],
    towards: [-Math.sin(turn), Math.cos(turn), 0],
  };
};

/** An intraoral photograph of a dentition, `columns` × `rows`: from the front, from a side with a retractor, or in a mirror. */
export const photographMouth = (
  seed: number,
  progress: number,
  view: PhotoView,
  { columns, rows }: { columns: number; rows: number },
): Picture => {
  if (view.scene === 'occlusal') {
    const upper = view.jaw === 'upper';
    const meshes = mouthMeshes(seed, progress, { jaws: [upper ? 'upper' : 'lower'], middle: true });
    const side: Vector = upper ? [1, 0, 0] : [-1, 0, 0];
    const camera: Camera = {
      right: side,
      up: [0, upper ? 1 : -1, 0],
      towards: [0, 0, upper ? -1 : 1],
      centre: [0, 24, upper ? 4 : -4],
      scale: rows / 66,
      distance: 190,
    };
    return photograph(meshes, camera, { columns, rows, behind: behindMirror });
  }
  const yaw = view.side === 'right' ? 52 : view.side === 'left' ? -52 : 0;
  const meshes = mouthMeshes(seed, progress, { jaws: ['upper', 'lower'], middle: false });
  const centre: Vector = yaw === 0 ? [0, 46, 0] : [Math.sign(yaw) * -19, 33, 0];
  return photograph(
    meshes,
    { ...facing(yaw), centre, scale: columns / 66, distance: 170 },
    { columns, rows, behind: behindFront },
  );
};
