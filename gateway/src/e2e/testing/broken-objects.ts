import { deterministicUid, writeObject, type NaturalDataset } from '@archwire/test-data';
import { smallObject } from './small-object.ts';

const JPEG_BASELINE = '1.2.840.10008.1.2.4.50';
const JPEG_2000 = '1.2.840.10008.1.2.4.90';
const GARBAGE = Uint8Array.from({ length: 1000 }, (_, at) => (at * 89) % 256);

const image = (name: string): NaturalDataset => ({
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.7',
  SOPInstanceUID: deterministicUid(`${name}/s/1`),
  StudyInstanceUID: deterministicUid(name),
  SeriesInstanceUID: deterministicUid(`${name}/s`),
  PatientID: 'BROKEN',
  PatientName: 'Broken^Object',
  Modality: 'OT',
  SamplesPerPixel: 1,
  PhotometricInterpretation: 'MONOCHROME2',
  Rows: 32,
  Columns: 32,
  BitsAllocated: 8,
  BitsStored: 8,
  HighBit: 7,
  PixelRepresentation: 0,
});

/** Small objects with one thing wrong each, and one with nothing wrong; by file name. */
export const brokenObjects = (): ReadonlyMap<string, Buffer> => {
  const whole = (name: string): Buffer => smallObject(`broken ${name}`, 1).bytes;
  const pixels = new Uint8Array(1024).fill(7);
  return new Map([
    ['sound', whole('sound')],
    ['empty', Buffer.alloc(0)],
    ['no-dicom', Buffer.from('%PDF-1.7 this is no DICOM file at all')],
    ['preamble-only', whole('preamble').subarray(0, 132)],
    ['cut-in-the-header', whole('header').subarray(0, 500)],
    ['cut-in-the-pixels', whole('pixels').subarray(0, -3000)],
    ['no-patient', writeObject({ ...image('no patient'), PatientID: '', PatientName: '' }, pixels)],
    ['no-rows', writeObject({ ...image('no rows'), Rows: 0 }, pixels)],
    ['thirteen-bits', writeObject({ ...image('thirteen bits'), BitsAllocated: 13 }, pixels)],
    ['too-few-pixels', writeObject({ ...image('too few'), Rows: 4000, Columns: 4000 }, pixels)],
    ['a-million-frames', writeObject({ ...image('frames'), NumberOfFrames: 1_000_000 }, pixels)],
    ['no-jpeg', writeObject(image('no jpeg'), [GARBAGE], JPEG_BASELINE)],
    ['no-jpeg-2000', writeObject(image('no jpeg 2000'), [GARBAGE], JPEG_2000)],
  ]);
};
