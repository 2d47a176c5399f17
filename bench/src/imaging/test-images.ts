import {
  cbct,
  ceph,
  intraoral,
  INTRAORAL_SURVEY,
  panoramic,
  photos,
  type SyntheticStudy,
  treatmentHistory,
} from '@archwire/test-data';
import {
  describePixels,
  frameSource,
  type PixelDescription,
  readInstanceHead,
  storedBuffer,
} from '@archwire/dicom';

/** The first frame of an object that the generators drew, as it is stored. */
export interface TestImage {
  readonly kind: string;
  readonly object: Buffer;
  readonly description: PixelDescription;
  readonly frame: Buffer;
}

export const CBCT_SIZE = { matrix: 400, slices: 400, voxel: 0.25 } as const;

const open = async (kind: string, object: Buffer): Promise<TestImage> => {
  const head = readInstanceHead(object);
  const frame = await frameSource(head, storedBuffer(object)).frame(1);
  return { kind, object, description: describePixels(head, 1), frame };
};

const firstPhoto = async (study: SyntheticStudy): Promise<Buffer> => {
  for await (const photo of photos(study)) return photo;
  throw new Error('The generator made no photograph.');
};

/** One image of every kind that a practice makes, as the devices send them. */
export const testImages = async (): Promise<readonly TestImage[]> => {
  const [study] = treatmentHistory(700, 0);
  const [, exposure] = INTRAORAL_SURVEY;
  if (study === undefined || exposure === undefined) throw new Error('There is no test study.');
  const slice = async (): Promise<Buffer> => {
    let middle: Buffer = Buffer.alloc(0);
    for (const object of cbct(study, { ...CBCT_SIZE, slices: 3 })) middle = object;
    return middle;
  };
  return [
    await open('panoramic 4.35 MP, 12 bits', await panoramic(study)),
    await open('lateral ceph, 12 bits', await ceph(study)),
    await open('periapical, 8 bits', await intraoral(study, exposure, 1)),
    await open('CBCT slice 400², 16 bits', await slice()),
    await open('photograph, received as JPEG', await firstPhoto(study)),
  ];
};
