import { createRandom, deterministicUid, writeObject } from '@archwire/test-data';

export interface SmallObject {
  readonly study: string;
  readonly series: string;
  readonly instance: string;
  readonly bytes: Buffer;
}

/** A small grayscale secondary capture of noise; the same name is the same study, `number` counts its instances. */
export const smallObject = (
  name: string,
  number: number,
  { side = 64, seed = number, patientId = name }: { side?: number; seed?: number; patientId?: string } = {},
): SmallObject => {
  const study = deterministicUid(name);
  const series = deterministicUid(`${name}/s`);
  const instance = deterministicUid(`${name}/s/${number}`);
  const random = createRandom(seed);
  const bytes = writeObject(
    {
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.7',
      SOPInstanceUID: instance,
      StudyInstanceUID: study,
      SeriesInstanceUID: series,
      PatientID: patientId,
      PatientName: 'Small^Object',
      PatientBirthDate: '20100101',
      PatientSex: 'O',
      Modality: 'OT',
      InstanceNumber: number,
      SamplesPerPixel: 1,
      PhotometricInterpretation: 'MONOCHROME2',
      Rows: side,
      Columns: side,
      BitsAllocated: 16,
      BitsStored: 16,
      HighBit: 15,
      PixelRepresentation: 0,
    },
    Uint8Array.from({ length: side * side * 2 }, () => random.below(256)),
  );
  return { study, series, instance, bytes };
};
