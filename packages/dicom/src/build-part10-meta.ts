/** Written into every file this product writes (PS3.10 section 7.1). A constant UID from a UUID (PS3.5 B.2). */
export const IMPLEMENTATION_CLASS_UID = '2.25.185907997534161237957883587275139108827';
export const IMPLEMENTATION_VERSION_NAME = 'ARCHWIRE_1';

export interface Part10Meta {
  readonly SOPClassUID: string;
  readonly SOPInstanceUID: string;
  readonly TransferSyntaxUID: string;
  /** Source Application Entity Title; left out when absent. */
  readonly sourceAe?: string | null;
}

const PREAMBLE_LENGTH = 128;

/** Text padded to even length: UIDs with NUL, everything else with a space (PS3.5 section 6.2). */
const evenText = (text: string, padding: string): Buffer =>
  Buffer.from(text.length % 2 === 0 ? text : text + padding, 'latin1');

const shortElement = (element: number, vr: string, value: Buffer): Buffer => {
  const head = Buffer.alloc(8);
  head.writeUInt16LE(0x0002, 0);
  head.writeUInt16LE(element, 2);
  head.write(vr, 4, 'latin1');
  head.writeUInt16LE(value.length, 6);
  return Buffer.concat([head, value]);
};

/**
 * Preamble, `DICM` and group 2 to put before a received data set, so that together they are a Part 10 file.
 * The caller has validated the UIDs and the AE title.
 */
export const buildPart10Meta = (meta: Part10Meta): Buffer => {
  const elements = [
    // File Meta Information Version is OB: two reserved bytes and a 32-bit length.
    Buffer.from([0x02, 0x00, 0x01, 0x00, 0x4f, 0x42, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x01]),
    shortElement(0x0002, 'UI', evenText(meta.SOPClassUID, '\0')),
    shortElement(0x0003, 'UI', evenText(meta.SOPInstanceUID, '\0')),
    shortElement(0x0010, 'UI', evenText(meta.TransferSyntaxUID, '\0')),
    shortElement(0x0012, 'UI', evenText(IMPLEMENTATION_CLASS_UID, '\0')),
    shortElement(0x0013, 'SH', evenText(IMPLEMENTATION_VERSION_NAME, ' ')),
  ];
  if (meta.sourceAe) elements.push(shortElement(0x0016, 'AE', evenText(meta.sourceAe, ' ')));
  const group = Buffer.concat(elements);
  const groupLength = Buffer.alloc(4);
  groupLength.writeUInt32LE(group.length);
  const preamble = Buffer.alloc(PREAMBLE_LENGTH + 4);
  preamble.write('DICM', PREAMBLE_LENGTH, 'latin1');
  return Buffer.concat([preamble, shortElement(0x0000, 'UL', groupLength), group]);
};
