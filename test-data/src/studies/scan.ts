import { dentition } from '../anatomy/dentition.ts';
import { deterministicUid } from '../dicom/deterministic-uid.ts';
import { commonModules, type SyntheticStudy } from '../dicom/modules.ts';
import { writeObject } from '../dicom/write-object.ts';

type Vertex = readonly [number, number, number];
type Triangle = readonly [Vertex, Vertex, Vertex];

/** A closed surface from rings of equal length, capped at both ends by their centres. */
const loft = (rings: readonly (readonly Vertex[])[]): Triangle[] => {
  const triangles: Triangle[] = [];
  const count = rings[0]?.length ?? 0;
  const at = (ring: number, i: number): Vertex => rings[ring]?.[i % count] ?? [0, 0, 0];
  for (let ring = 0; ring + 1 < rings.length; ring += 1) {
    for (let i = 0; i < count; i += 1) {
      triangles.push(
        [at(ring, i), at(ring, i + 1), at(ring + 1, i)],
        [at(ring, i + 1), at(ring + 1, i + 1), at(ring + 1, i)],
      );
    }
  }
  const centre = (ring: number): Vertex => {
    const points = rings[ring] ?? [];
    const sum = (k: 0 | 1 | 2): number =>
      points.reduce((total, p) => total + p[k], 0) / Math.max(1, points.length);
    return [sum(0), sum(1), sum(2)];
  };
  const bottom = centre(0);
  const top = centre(rings.length - 1);
  for (let i = 0; i < count; i += 1) {
    triangles.push(
      [bottom, at(0, i + 1), at(0, i)],
      [top, at(rings.length - 1, i), at(rings.length - 1, i + 1)],
    );
  }
  return triangles;
};

/** The surface of one dental arch in mm: a gum-like ridge and the crown of each tooth of `dentition`. */
export const archTriangles = (seed: number, progress: number, jaw: 'upper' | 'lower'): Triangle[] => {
  const up = jaw === 'upper' ? -1 : 1;
  const poses = dentition(seed, progress).filter((pose) => pose.jaw === jaw);
  const teeth = poses.flatMap((pose) => {
    const turn = (pose.rotation * Math.PI) / 180;
    const thick = pose.tooth % 10 >= 6 ? 5 : pose.tooth % 10 >= 4 ? 4.2 : 3.2;
    const rings = [0, 0.25, 0.5, 0.75, 0.92, 1].map((level): Vertex[] => {
      const swell =
        level < 0.5 ? 0.85 + 0.3 * level : 1 - (level - 0.5) * (pose.tooth % 10 >= 4 ? 0.45 : 0.7);
      return Array.from({ length: 20 }, (_, i): Vertex => {
        const angle = (i / 20) * 2 * Math.PI;
        const u = Math.cos(angle) * (pose.width / 2) * swell;
        const v = Math.sin(angle) * thick * swell;
        return [
          pose.x + u * Math.cos(turn) - v * Math.sin(turn),
          pose.y + u * Math.sin(turn) + v * Math.cos(turn),
          up * (level * 8) + pose.z,
        ];
      });
    });
    return loft(rings);
  });
  const [a, b] = jaw === 'upper' ? [30, 52] : [27.5, 47];
  const ridge = Array.from({ length: 61 }, (_, i): Vertex[] => {
    const t = ((i / 60) * 2 - 1) * 1.5;
    const x = a * Math.sin(t);
    const y = b * Math.cos(t);
    const nx = Math.sin(t);
    const ny = Math.cos(t);
    return Array.from({ length: 16 }, (_ring, k): Vertex => {
      const angle = (k / 16) * 2 * Math.PI;
      const out = Math.cos(angle) * 6.5;
      return [x + nx * out, y + ny * out, up * (Math.sin(angle) * 5 - 3)];
    });
  });
  return [...teeth, ...loft(ridge)];
};

/** Binary STL of triangles: 80 bytes of header, a count, 50 bytes each. */
export const binaryStl = (triangles: readonly Triangle[], title: string): Buffer => {
  const file = Buffer.alloc(84 + triangles.length * 50);
  file.write(title.slice(0, 79), 0, 'ascii');
  file.writeUInt32LE(triangles.length, 80);
  triangles.forEach(([p, q, r], index) => {
    const at = 84 + index * 50;
    const u = [q[0] - p[0], q[1] - p[1], q[2] - p[2]] as const;
    const v = [r[0] - p[0], r[1] - p[1], r[2] - p[2]] as const;
    const n = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]] as const;
    const length = Math.hypot(...n) || 1;
    [...n.map((c) => c / length), ...p, ...q, ...r].forEach((value, k) =>
      file.writeFloatLE(value, at + k * 4),
    );
  });
  return file;
};

/** An intraoral scan of one arch: Encapsulated STL (PS3.3 A.85.1), modality M3D, in millimetres. */
export const scan = (study: SyntheticStudy, jaw: 'upper' | 'lower'): Buffer => {
  const stl = binaryStl(archTriangles(study.seed, study.progress, jaw), `Archwire synthetic ${jaw} arch, mm`);
  const padded = Buffer.alloc(stl.length + (stl.length % 2));
  stl.copy(padded);
  return writeObject({
    ...commonModules(study, {
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.104.3',
      Modality: 'M3D',
      series: 'scan',
      SeriesNumber: 5,
      SeriesDescription: 'Intraoral scan',
      InstanceNumber: jaw === 'upper' ? 1 : 2,
      StationName: 'SCANNER-1',
      model: 'Synthetic Scanner',
    }),
    FrameOfReferenceUID: deterministicUid(`${study.name}/scan/frame`),
    PositionReferenceIndicator: '',
    AcquisitionDateTime: `${study.StudyDate}${study.StudyTime}`,
    BurnedInAnnotation: 'NO',
    DocumentTitle: `${jaw === 'upper' ? 'Maxillary' : 'Mandibular'} arch`,
    ConceptNameCodeSequence: [
      { CodeValue: '85040-4', CodingSchemeDesignator: 'LN', CodeMeaning: '3D Printing model' },
    ],
    MIMETypeOfEncapsulatedDocument: 'model/stl',
    EncapsulatedDocumentLength: stl.length,
    EncapsulatedDocument: [padded.buffer.slice(padded.byteOffset, padded.byteOffset + padded.length)],
    MeasurementUnitsCodeSequence: [
      { CodeValue: 'mm', CodingSchemeDesignator: 'UCUM', CodeMeaning: 'millimeter' },
    ],
    ModelModification: 'NO',
    ModelMirroring: 'NO',
    ModelUsageCodeSequence: [
      { CodeValue: '129010', CodingSchemeDesignator: 'DCM', CodeMeaning: 'Educational Intent' },
    ],
  });
};
