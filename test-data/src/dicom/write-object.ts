import dcmjs from 'dcmjs';

const { DicomDict, DicomMetaDictionary } = dcmjs.data;

/** A data set with PS3.6 keywords as names, as dcmjs naturalises it: numbers, text, arrays, nested items, ArrayBuffers. */
export type NaturalDataset = Readonly<Record<string, unknown>>;

const IMPLEMENTATION_CLASS_UID = '2.25.222019334417560412357912356018722465031';

/**
 * A Part 10 file of the data set. Text goes out as UTF-8 (ISO_IR 192).
 * `pixels` is one native buffer (explicit little endian, 8 or 16 bits by `BitsAllocated`) or, for an encapsulated syntax, one fragment per frame.
 */
export const writeObject = (
  dataset: NaturalDataset,
  pixels?: Uint8Array | readonly Uint8Array[],
  transferSyntaxUid = '1.2.840.10008.1.2.1',
): Buffer => {
  const toArrayBuffer = (bytes: Uint8Array): ArrayBuffer => {
    const even = new Uint8Array(bytes.length + (bytes.length % 2));
    even.set(bytes);
    return even.buffer;
  };
  const full: Record<string, unknown> = { SpecificCharacterSet: 'ISO_IR 192', ...dataset };
  const vrMap: Record<string, string> = {};
  if (pixels !== undefined) {
    full['PixelData'] = (pixels instanceof Uint8Array ? [pixels] : [...pixels]).map(toArrayBuffer);
    vrMap['PixelData'] = pixels instanceof Uint8Array && full['BitsAllocated'] === 16 ? 'OW' : 'OB';
  }
  full['_vrMap'] = vrMap;
  const dict = new DicomDict(
    DicomMetaDictionary.denaturalizeDataset({
      FileMetaInformationVersion: new Uint8Array([0, 1]).buffer,
      MediaStorageSOPClassUID: full['SOPClassUID'],
      MediaStorageSOPInstanceUID: full['SOPInstanceUID'],
      TransferSyntaxUID: transferSyntaxUid,
      ImplementationClassUID: IMPLEMENTATION_CLASS_UID,
      ImplementationVersionName: 'ARCHWIRE_TEST',
    }),
  );
  dict.dict = DicomMetaDictionary.denaturalizeDataset(full);
  return Buffer.from(dict.write({ fragmentMultiframe: false, allowInvalidVRLength: false }));
};
