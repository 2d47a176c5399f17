import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRandom, deterministicUid, writeObject } from '@archwire/test-data';

export const CT_IMAGE = '1.2.840.10008.5.1.4.1.1.2';
export const MULTIFRAME_GRAYSCALE_WORD = '1.2.840.10008.5.1.4.1.1.7.3';

const dataset = (
  study: string,
  instance: number,
  rows: number,
  columns: number,
): Record<string, unknown> => ({
  SOPClassUID: CT_IMAGE,
  SOPInstanceUID: deterministicUid(`${study}/${instance}`),
  StudyInstanceUID: deterministicUid(study),
  SeriesInstanceUID: deterministicUid(`${study}/series`),
  PatientID: study.slice(0, 60),
  PatientName: 'Bench^Mark',
  PatientBirthDate: '20000101',
  PatientSex: 'O',
  StudyDate: '20260101',
  StudyTime: '120000',
  Modality: 'CT',
  SeriesNumber: 1,
  InstanceNumber: instance + 1,
  SamplesPerPixel: 1,
  PhotometricInterpretation: 'MONOCHROME2',
  Rows: rows,
  Columns: columns,
  BitsAllocated: 16,
  BitsStored: 16,
  HighBit: 15,
  PixelRepresentation: 0,
});

/** `count` single-frame objects of one series, of about `rows × columns × 2` bytes each. Grainy, so that nothing compresses by luck. */
export const writeSlices = async (
  folder: string,
  study: string,
  count: number,
  side: number,
): Promise<string[]> => {
  await mkdir(folder, { recursive: true });
  const random = createRandom(1);
  const pixels = Uint8Array.from({ length: side * side * 2 }, () => random.below(256));
  const files: string[] = [];
  for (let instance = 0; instance < count; instance += 1) {
    const file = join(folder, `${study}-${instance}.dcm`);
    await writeFile(file, writeObject(dataset(study, instance, side, side), pixels));
    files.push(file);
  }
  return files;
};

/** One multi-frame object of about `megabytes` MB, written as a hole after its header: the bytes on the wire are the same. */
export const writeLargeObject = async (folder: string, study: string, megabytes: number): Promise<string> => {
  await mkdir(folder, { recursive: true });
  const side = 512;
  const frames = Math.round((megabytes * 1_000_000) / (side * side * 2));
  const head = writeObject(
    {
      ...dataset(study, 0, side, side),
      SOPClassUID: MULTIFRAME_GRAYSCALE_WORD,
      Modality: 'OT',
      NumberOfFrames: frames,
    },
    new Uint8Array(2),
  );
  const length = frames * side * side * 2;
  // The last six bytes are the length of Pixel Data and its two placeholder bytes.
  const prefix = head.subarray(0, head.length - 6);
  const lengthField = Buffer.alloc(4);
  lengthField.writeUInt32LE(length);
  const file = join(folder, `${study}.dcm`);
  const handle = await open(file, 'w');
  await handle.write(Buffer.concat([prefix, lengthField]));
  await handle.truncate(prefix.length + 4 + length);
  await handle.close();
  return file;
};
