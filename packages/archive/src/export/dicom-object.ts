import type { NewExport } from '@archwire/contracts/api/exports';
import {
  BASIC_PROFILE,
  buildPart10Meta,
  type CleanRegion,
  deidentify,
  type DicomJson,
  type DeidentifyProfile,
  imageView,
  type InstanceHead,
  type PixelPool,
  type Pseudonyms,
  type StoredBytes,
  toDicomJson,
  transcodeDataSet,
  transferSyntax,
} from '@archwire/dicom';
import { type InstanceReader, readStoredHead } from '../retrieve/instance-reader.ts';
import { outgoingBytes } from '../retrieve/outgoing-bytes.ts';
import type { StoredInstance } from '../retrieve/stored-instance.ts';
import { leaveOut } from './left-out.ts';

/** An object as it goes into an export. */
export interface ExportedObject {
  readonly json: DicomJson;
  readonly TransferSyntaxUID: string;
  readonly encapsulated: boolean;
  readonly bytes: AsyncIterable<Buffer>;
}

export interface DicomObjectParts {
  readonly reader: Pick<InstanceReader, 'stored'>;
  readonly pixels: Pick<PixelPool, 'decode'>;
  readonly order: Pick<NewExport, 'identity' | 'options'>;
  readonly pseudonymsOf: (instance: StoredInstance) => Pseudonyms;
  /** Where this device writes into its pictures. */
  readonly regionsOf: (head: InstanceHead) => readonly CleanRegion[];
}

const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
const CHUNK = 1 << 20;

async function* chunks(stored: StoredBytes): AsyncGenerator<Buffer> {
  for (let at = 0; at < stored.length; at += CHUNK)
    yield await stored.read(at, Math.min(CHUNK, stored.length - at));
}

/** Media hold Part 10 files in Explicit VR Little Endian or a compressed transfer syntax (PS3.11 annex D). */
const isForMedia = (start: Buffer, { header }: InstanceHead): boolean => {
  const syntax = transferSyntax(header.TransferSyntaxUID);
  return (
    start.toString('latin1', 128, 132) === 'DICM' &&
    syntax !== undefined &&
    syntax.explicitVr &&
    syntax.littleEndian &&
    !syntax.deflated
  );
};

/** Faces can be known again; a photograph of which nobody knows what it shows may be one. */
const mayShowFace = (head: InstanceHead): boolean => {
  const { view } = imageView(head);
  return view === 'photo' || view.startsWith('face-');
};

const profileOf = (
  { options }: DicomObjectParts['order'],
  cleanRegions: readonly CleanRegion[],
): DeidentifyProfile => ({
  ...BASIC_PROFILE,
  dates: options.dates,
  keepDevice: options.keepDevice,
  keepCharacteristics: options.keepCharacteristics,
  cleanRegions,
});

const deidentified = async (
  instance: StoredInstance,
  { reader, pixels, order, pseudonymsOf, regionsOf }: DicomObjectParts,
): Promise<ExportedObject> => {
  const stored = reader.stored(instance);
  const { head } = await readStoredHead(stored);
  if (!order.options.includeFaces && mayShowFace(head)) throw leaveOut('face');
  const object = await deidentify(
    {
      head,
      stored,
      decode: async (description, bytes) => await pixels.decode(description, bytes),
      uncompressed: order.options.uncompressed,
    },
    profileOf(order, regionsOf(head)),
    pseudonymsOf(instance),
  );
  const { TransferSyntaxUID } = object;
  return {
    json: toDicomJson(object.head),
    TransferSyntaxUID,
    encapsulated: transferSyntax(TransferSyntaxUID)?.encapsulated ?? false,
    bytes: object.bytes(),
  };
};

/**
 * Opens an object as the export wants it. @throws AppError when it cannot go out: see `leftOutReason`; later, while its bytes
 * are read, what the store or a damaged frame throws.
 */
export const dicomObject = async (
  instance: StoredInstance,
  parts: DicomObjectParts,
): Promise<ExportedObject> => {
  const { reader, pixels, order } = parts;
  if (order.identity === 'deidentified') return await deidentified(instance, parts);
  const stored = order.identity === 'known' ? await outgoingBytes(reader, instance) : reader.stored(instance);
  const { head, start } = await readStoredHead(stored);
  const json = toDicomJson(start);
  const { SOPClassUID, SOPInstanceUID, TransferSyntaxUID } = head.header;
  const isEncapsulated = transferSyntax(TransferSyntaxUID)?.encapsulated ?? false;
  if (isForMedia(start, head) && !(order.options.uncompressed && isEncapsulated))
    return { json, TransferSyntaxUID, encapsulated: isEncapsulated, bytes: chunks(stored) };
  const dataSet = await transcodeDataSet(
    { head, stored, decode: async (description, bytes) => await pixels.decode(description, bytes) },
    EXPLICIT_VR_LITTLE_ENDIAN,
  );
  const meta = buildPart10Meta({ SOPClassUID, SOPInstanceUID, TransferSyntaxUID: EXPLICIT_VR_LITTLE_ENDIAN });
  return {
    json,
    TransferSyntaxUID: EXPLICIT_VR_LITTLE_ENDIAN,
    encapsulated: false,
    bytes: (async function* () {
      yield meta;
      yield* dataSet;
    })(),
  };
};
