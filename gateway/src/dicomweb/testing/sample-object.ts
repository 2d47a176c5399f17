import { writeObject } from '@archwire/test-data';

export interface SampleOptions {
  readonly study?: string;
  readonly series?: string;
  readonly instance?: number;
  readonly frames?: number;
  readonly patientName?: string;
  readonly patientId?: string;
  readonly seed?: number;
  readonly size?: number;
  readonly more?: Readonly<Record<string, unknown>>;
}

const CT = '1.2.840.10008.5.1.4.1.1.2';
const SC_MULTIFRAME = '1.2.840.10008.5.1.4.1.1.7.3';

export const sampleUid = ({ series = '1.2.3.1.1', instance = 1 }: SampleOptions): string =>
  `${series}.${instance}`;

/** 16-bit little-endian pixels that differ by frame and seed. */
export const samplePixels = ({ frames = 1, seed = 0, size = 16 }: SampleOptions): Buffer => {
  const pixels = Buffer.alloc(frames * size * size * 2);
  for (let at = 0; at < pixels.length / 2; at += 1) pixels.writeUInt16LE((at * 7 + seed * 31) % 4096, at * 2);
  return pixels;
};

/** A small CT slice (or a multi-frame object) as a Part 10 file, explicit little endian. */
export const sampleObject = (options: SampleOptions = {}): Buffer => {
  const { study = '1.2.3.1', series = '1.2.3.1.1', instance = 1, frames = 1, size = 16 } = options;
  return writeObject(
    {
      SOPClassUID: frames > 1 ? SC_MULTIFRAME : CT,
      SOPInstanceUID: sampleUid(options),
      StudyInstanceUID: study,
      SeriesInstanceUID: series,
      StudyDate: '20240131',
      StudyTime: '103000',
      Modality: 'CT',
      PatientName: options.patientName ?? 'Müller^Änne',
      PatientID: options.patientId ?? 'P1',
      PatientBirthDate: '20100517',
      PatientSex: 'F',
      StudyID: 'S1',
      AccessionNumber: 'A1',
      SeriesNumber: 3,
      InstanceNumber: instance,
      Rows: size,
      Columns: size,
      BitsAllocated: 16,
      BitsStored: 12,
      HighBit: 11,
      PixelRepresentation: 0,
      SamplesPerPixel: 1,
      PhotometricInterpretation: 'MONOCHROME2',
      WindowCenter: 2048,
      WindowWidth: 4096,
      ...(frames > 1 ? { NumberOfFrames: frames } : {}),
      ...options.more,
    },
    samplePixels(options),
  );
};

/** A multipart/related body of the objects, and the Content-Type that goes with it. */
export const storeBody = (
  objects: readonly Buffer[],
  boundary = 'sample-boundary',
): { readonly body: Buffer; readonly contentType: string } => ({
  contentType: `multipart/related; type="application/dicom"; boundary=${boundary}`,
  body: Buffer.concat([
    ...objects.flatMap((object) => [
      Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`),
      object,
      Buffer.from('\r\n'),
    ]),
    Buffer.from(`--${boundary}--\r\n`),
  ]),
});
