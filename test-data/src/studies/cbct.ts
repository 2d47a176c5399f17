import { dentition } from '../anatomy/dentition.ts';
import { commonModules, type SyntheticStudy } from '../dicom/modules.ts';
import { deterministicUid } from '../dicom/deterministic-uid.ts';
import { writeObject } from '../dicom/write-object.ts';
import { createRandom } from '../drawing/random.ts';

export interface CbctSize {
  /** Rows and columns of a slice. */
  readonly matrix: number;
  readonly slices: number;
  /** Edge of a voxel in mm. */
  readonly voxel: number;
}

const AIR = -1000;
const SOFT = 40;
const BONE = 700;
const CORTEX = 1400;
const DENTINE = 1600;
const ENAMEL = 2600;

/** Depth of the midpoint between the second molars behind the centre of the volume, in mm. */
const ARCH_BACK = 24;

/**
 * The volume in Hounsfield units, slice after slice from the feet up: a head-like ellipse, the horseshoes of both jaws,
 * and each tooth of `dentition` as a crown and a tapering root on its place of the arch.
 */
export const cbctVolume = (study: SyntheticStudy, { matrix, slices, voxel }: CbctSize): Int16Array => {
  const volume = new Int16Array(matrix * matrix * slices).fill(AIR);
  const half = (matrix * voxel) / 2;
  const middle = (slices * voxel) / 2;
  const put = (column: number, row: number, slice: number, value: number): void => {
    if (column < 0 || row < 0 || slice < 0 || column >= matrix || row >= matrix || slice >= slices) return;
    const at = (slice * matrix + row) * matrix + column;
    if ((volume[at] ?? AIR) < value) volume[at] = value;
  };
  // The head and the jaws do not change along z within a jaw, so one plane is computed and copied.
  const planes = { head: new Int16Array(matrix * matrix), jaw: new Int16Array(matrix * matrix) };
  for (let row = 0; row < matrix; row += 1) {
    for (let column = 0; column < matrix; column += 1) {
      const x = (column + 0.5) * voxel - half;
      // Row 0 is anterior: the patient looks to the top of the slice.
      const y = half - (row + 0.5) * voxel + ARCH_BACK;
      const inHead = (x / 46) ** 2 + ((y - 22) / 46) ** 2 < 1;
      const r = Math.hypot(x / 30, Math.max(0, y) / 52);
      const inJaw = y > -12 && r > 0.78 && r < 1.22;
      const cortex = inJaw && (r < 0.83 || r > 1.17);
      const at = row * matrix + column;
      planes.head[at] = inHead ? SOFT : AIR;
      planes.jaw[at] = inHead ? (cortex ? CORTEX : inJaw ? BONE : SOFT) : AIR;
    }
  }
  for (let slice = 0; slice < slices; slice += 1) {
    const z = (slice + 0.5) * voxel - middle;
    volume.set(Math.abs(z) > 8 && Math.abs(z) < 26 ? planes.jaw : planes.head, slice * matrix * matrix);
  }
  for (const pose of dentition(study.seed, study.progress)) {
    const up = pose.jaw === 'upper' ? 1 : -1;
    const molar = pose.tooth % 10 >= 6;
    const thick = molar ? 5 : 3.6;
    const cosine = Math.cos((pose.rotation * Math.PI) / 180);
    const sine = Math.sin((pose.rotation * Math.PI) / 180);
    const lean = Math.tan((pose.tip * Math.PI) / 180);
    for (let dz = 0; dz < 21; dz += voxel / 2) {
      const crown = dz < 8;
      const taper = crown ? 1 : Math.max(0.2, 1 - ((dz - 8) / 13) * 0.75);
      const z = up * (0.6 + dz) + pose.z;
      const slice = Math.floor((z + middle) / voxel);
      const reach = pose.width / 2 + 1;
      for (let u = -reach; u <= reach; u += voxel / 2) {
        for (let v = -reach; v <= reach; v += voxel / 2) {
          const inside = (u / ((pose.width / 2) * taper)) ** 2 + (v / (thick * taper)) ** 2;
          if (inside > 1) continue;
          const pulp = !crown && inside < 0.06;
          const value = pulp ? SOFT + 100 : crown && inside > 0.55 ? ENAMEL : DENTINE;
          const x = pose.x + (u + lean * dz) * cosine - v * sine;
          const y = pose.y + (u + lean * dz) * sine + v * cosine;
          put(Math.floor((x + half) / voxel), Math.floor((half - y + ARCH_BACK) / voxel), slice, value);
        }
      }
    }
  }
  const random = createRandom(study.seed + 3);
  for (let i = 0; i < volume.length; i += 1)
    volume[i] = (volume[i] ?? AIR) + Math.round((random.next() + random.next() - 1) * 60);
  return volume;
};

/** The slices of a cone-beam CT as CT Image objects, 16 bits signed, one at a time so that a large volume is never held twice. */
export function* cbct(study: SyntheticStudy, size: CbctSize): Generator<Buffer> {
  const volume = cbctVolume(study, size);
  const { matrix, slices, voxel } = size;
  const half = (matrix * voxel) / 2;
  for (let slice = 0; slice < slices; slice += 1) {
    const z = ((slice + 0.5) * voxel - (slices * voxel) / 2).toFixed(3);
    const plane = volume.subarray(slice * matrix * matrix, (slice + 1) * matrix * matrix);
    yield writeObject(
      {
        ...commonModules(study, {
          SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
          Modality: 'CT',
          series: 'cbct',
          SeriesNumber: 4,
          SeriesDescription: `CBCT ${voxel} mm`,
          InstanceNumber: slice + 1,
          StationName: 'CBCT-1',
          model: 'Synthetic CBCT',
        }),
        FrameOfReferenceUID: deterministicUid(`${study.name}/cbct/frame`),
        PositionReferenceIndicator: '',
        ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
        AcquisitionNumber: 1,
        ImagePositionPatient: [String(-half + voxel / 2), String(-half + voxel / 2), z],
        ImageOrientationPatient: ['1', '0', '0', '0', '1', '0'],
        PixelSpacing: [String(voxel), String(voxel)],
        SliceThickness: String(voxel),
        SamplesPerPixel: 1,
        PhotometricInterpretation: 'MONOCHROME2',
        Rows: matrix,
        Columns: matrix,
        BitsAllocated: 16,
        BitsStored: 16,
        HighBit: 15,
        PixelRepresentation: 1,
        RescaleIntercept: '0',
        RescaleSlope: '1',
        RescaleType: 'HU',
        WindowCenter: '700',
        WindowWidth: '3200',
        KVP: '90',
        PatientPosition: 'HFS',
        BodyPartExamined: 'JAW',
      },
      new Uint8Array(plane.buffer.slice(plane.byteOffset, plane.byteOffset + plane.byteLength)),
    );
  }
}
