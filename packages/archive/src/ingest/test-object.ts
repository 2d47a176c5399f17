import { buildPart10Meta } from '@archwire/dicom';

const SYNTAX = '1.2.840.10008.1.2.1';
const SOP_CLASS = '1.2.840.10008.5.1.4.1.1.1';

export interface TestObject {
  readonly command: {
    readonly SOPClassUID: string;
    readonly SOPInstanceUID: string;
    readonly TransferSyntaxUID: string;
  };
  /** As it travels over DIMSE. */
  readonly dataSet: Buffer;
  /** As it is stored when it came from the AE `SENSOR`. */
  readonly part10: Buffer;
}

const element = (group: number, number: number, vr: string, value: string | Buffer): Buffer => {
  const raw = typeof value === 'string' ? Buffer.from(value, 'latin1') : value;
  const padded = raw.length % 2 === 0 ? raw : Buffer.concat([raw, Buffer.from(vr === 'UI' ? '\0' : ' ')]);
  const isLong = vr === 'OB' || vr === 'OW' || vr === 'UN';
  const head = Buffer.alloc(isLong ? 12 : 8);
  head.writeUInt16LE(group, 0);
  head.writeUInt16LE(number, 2);
  head.write(vr, 4, 'latin1');
  if (isLong) head.writeUInt32LE(padded.length, 8);
  else head.writeUInt16LE(padded.length, 6);
  return Buffer.concat([head, padded]);
};

/** A small digital radiograph in Explicit VR Little Endian with pixels that depend on `seed`. */
export const testObject = (options: {
  readonly uid: string;
  readonly seriesUid?: string;
  readonly studyUid?: string;
  readonly pixels?: number;
  readonly seed?: number;
  readonly patientId?: string;
  readonly patientName?: string;
  readonly number?: number;
  /** Bytes of private data before Pixel Data. */
  readonly privateBytes?: number;
}): TestObject => {
  const { uid, seriesUid = '1.2.9.1', studyUid = '1.2.9', pixels = 1000, seed = 1 } = options;
  const pixelData = Buffer.alloc(pixels, `${uid}/${seed}`);
  const dataSet = Buffer.concat([
    element(0x0008, 0x0016, 'UI', SOP_CLASS),
    element(0x0008, 0x0018, 'UI', uid),
    element(0x0008, 0x0060, 'CS', 'DX'),
    ...(options.privateBytes === undefined
      ? []
      : [
          element(0x0009, 0x0010, 'LO', 'TEST'),
          element(0x0009, 0x1001, 'OB', Buffer.alloc(options.privateBytes, 3)),
        ]),
    element(0x0010, 0x0010, 'PN', options.patientName ?? 'Doe^Jane'),
    element(0x0010, 0x0020, 'LO', options.patientId ?? 'P1'),
    element(0x0020, 0x000d, 'UI', studyUid),
    element(0x0020, 0x000e, 'UI', seriesUid),
    element(0x0020, 0x0013, 'IS', String(options.number ?? 1)),
    element(0x7fe0, 0x0010, 'OW', pixelData),
  ]);
  const command = { SOPClassUID: SOP_CLASS, SOPInstanceUID: uid, TransferSyntaxUID: SYNTAX };
  return {
    command,
    dataSet,
    part10: Buffer.concat([buildPart10Meta({ ...command, sourceAe: 'SENSOR' }), dataSet]),
  };
};
