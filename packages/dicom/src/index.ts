export {
  buildPart10Meta,
  IMPLEMENTATION_CLASS_UID,
  IMPLEMENTATION_VERSION_NAME,
  type Part10Meta,
} from './build-part10-meta.ts';
export { buildRecordObject } from './build-record-object.ts';
export { recordFileKind } from './record-file-kind.ts';
export { type RecordStudy, uidOf } from './record-modules.ts';
export { characterSet, DEFAULT_CHARACTER_SET, type CharacterSet } from './character-set.ts';
export { decodeText } from './decode-text.ts';
export type { DicomJson, DicomJsonAttribute, DicomJsonValue, PersonNameJson } from './dicom-json.ts';
export {
  attributeOf,
  dictionaryVr,
  keywordOf,
  tagHex,
  tagOf,
  vrOf,
  type AttributeDefinition,
} from './dictionary.ts';
export { findBulk, type FoundBulk } from './find-bulk.ts';
export type { InstanceHead, PixelDataPlace } from './instance-head.ts';
export type { InvalidReason } from './invalid-dicom.ts';
export { canonicalName, foldName, personNameJson } from './person-name.ts';
export { readDirectory } from './read-directory.ts';
export { readIdentifier, type Identifier } from './read-identifier.ts';
export { readInstanceHead, type ReadInstanceHeadOptions } from './read-instance-head.ts';
export { readPart10, type Part10 } from './read-part10.ts';
export { replaceElements, type ReplacedHead } from './replace-elements.ts';
export {
  isStorageSopClass,
  storageSopClass,
  storageSopClasses,
  type StorageSopClass,
} from './storage-sop-class.ts';
export { isoDate, isoTime } from './temporal.ts';
export { toDicomJson, type BulkPlace, type DicomJsonOptions } from './to-dicom-json.ts';
export { transferSyntax, transferSyntaxes, type TransferSyntax } from './transfer-syntax.ts';

export * from './dental/index.ts';
export { writeDataSet } from './write-data-set.ts';

export * from './pixel/index.ts';

export * from './transcode/index.ts';

export * from './recompress/index.ts';
export * from './deidentify/index.ts';
export * from './directory/index.ts';
