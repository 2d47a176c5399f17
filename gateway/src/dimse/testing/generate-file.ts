import { buildPart10Meta } from '@archwire/dicom';

const element = (group: number, number: number, vr: string, value: Buffer): Buffer => {
  const isLong = vr === 'OW' || vr === 'OB';
  const head = Buffer.alloc(isLong ? 12 : 8);
  head.writeUInt16LE(group, 0);
  head.writeUInt16LE(number, 2);
  head.write(vr, 4, 'latin1');
  if (isLong) head.writeUInt32LE(value.length, 8);
  else head.writeUInt16LE(value.length, 6);
  return Buffer.concat([head, value]);
};
const text = (value: string, padding = ' '): Buffer =>
  Buffer.from(value.length % 2 ? value + padding : value, 'latin1');
const short = (value: number): Buffer => Buffer.from([value & 0xff, value >> 8]);

export interface GeneratedFile {
  readonly sopInstance: string;
  readonly sopClass: string;
  readonly file: Buffer;
}

export const SECONDARY_CAPTURE = '1.2.840.10008.5.1.4.1.1.7';

/** A Secondary Capture image in Explicit VR Little Endian, `rows` × 512 pixels of 16 bits. */
export const generateFile = (sopInstance: string, rows = 8, sopClass = SECONDARY_CAPTURE): GeneratedFile => {
  const pixels = Buffer.alloc(rows * 512 * 2);
  for (let at = 0; at < pixels.length; at += 2) pixels.writeUInt16LE((at * 31 + rows) & 0x0fff, at);
  const dataSet = Buffer.concat([
    element(0x0008, 0x0016, 'UI', text(sopClass, '\0')),
    element(0x0008, 0x0018, 'UI', text(sopInstance, '\0')),
    element(0x0008, 0x0060, 'CS', text('OT')),
    element(0x0010, 0x0010, 'PN', text('Generated^Patient')),
    element(0x0010, 0x0020, 'LO', text('GEN1')),
    element(0x0020, 0x000d, 'UI', text('2.25.1000', '\0')),
    element(0x0020, 0x000e, 'UI', text('2.25.1001', '\0')),
    element(0x0028, 0x0002, 'US', short(1)),
    element(0x0028, 0x0004, 'CS', text('MONOCHROME2')),
    element(0x0028, 0x0010, 'US', short(rows)),
    element(0x0028, 0x0011, 'US', short(512)),
    element(0x0028, 0x0100, 'US', short(16)),
    element(0x0028, 0x0101, 'US', short(12)),
    element(0x0028, 0x0102, 'US', short(11)),
    element(0x0028, 0x0103, 'US', short(0)),
    element(0x7fe0, 0x0010, 'OW', pixels),
  ]);
  const meta = buildPart10Meta({
    SOPClassUID: sopClass,
    SOPInstanceUID: sopInstance,
    TransferSyntaxUID: '1.2.840.10008.1.2.1',
  });
  return { sopInstance, sopClass, file: Buffer.concat([meta, dataSet]) };
};
