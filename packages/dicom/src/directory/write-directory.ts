import { buildPart10Meta } from '../build-part10-meta.ts';
import type { DicomJson } from '../dicom-json.ts';
import { elementHeader, itemHeader } from '../transcode/rewrite-elements.ts';
import { writeDataSet } from '../write-data-set.ts';
import type { DirectoryEntry } from './directory-entry.ts';

const MEDIA_STORAGE_DIRECTORY = '1.2.840.10008.1.3.10';
const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
const EXPLICIT = { explicitVr: true };

interface Node {
  readonly bytes: Buffer;
  /** Within `bytes`. */
  readonly next: number;
  readonly lower: number;
  readonly children: Node[];
}

const NEXT = '00041400';
const IN_USE = '00041410';
const LOWER = '00041420';

/** Explicit VR headers of the short form are 8 bytes; the three elements come first in every record. */
const NEXT_AT = 8;
const LOWER_AT = NEXT_AT + 4 + 8 + 2 + 8;

const node = (keys: DicomJson): Node => {
  const record: DicomJson = {
    [NEXT]: { vr: 'UL', Value: [0] },
    [IN_USE]: { vr: 'US', Value: [0xffff] },
    [LOWER]: { vr: 'UL', Value: [0] },
    ...keys,
  };
  const bytes = writeDataSet(record, EXPLICIT_VR_LITTLE_ENDIAN, '');
  return { bytes, next: NEXT_AT, lower: LOWER_AT, children: [] };
};

const ofType = (type: string, keys: DicomJson): DicomJson => ({
  '00041430': { vr: 'CS', Value: [type] },
  ...keys,
});

/** The children of a node by what tells them apart, made when first met. */
const childBy = (known: Map<string, Node>, parent: Node[], key: string, make: () => DicomJson): Node => {
  const before = known.get(key);
  if (before !== undefined) return before;
  const made = node(make());
  known.set(key, made);
  parent.push(made);
  return made;
};

const treeOf = (entries: readonly DirectoryEntry[]): Node[] => {
  const roots: Node[] = [];
  const known = new Map<string, Node>();
  for (const entry of entries) {
    const patient = childBy(known, roots, entry.patientKey, () => ofType('PATIENT', entry.patient));
    const study = childBy(known, patient.children, `${entry.patientKey} ${entry.studyInstanceUid}`, () =>
      ofType('STUDY', entry.study),
    );
    const path = `${entry.patientKey} ${entry.studyInstanceUid} ${entry.seriesInstanceUid}`;
    const series = childBy(known, study.children, path, () => ofType('SERIES', entry.series));
    series.children.push(node(entry.instance));
  }
  return roots;
};

const ITEM_HEADER = 8;

/** Every record in the order of the file, with the byte at which its item begins. */
const placed = (roots: readonly Node[], start: number): { readonly node: Node; readonly at: number }[] => {
  const all: { readonly node: Node; readonly at: number }[] = [];
  let at = start;
  const walk = (nodes: readonly Node[]): void => {
    for (const each of nodes) {
      all.push({ node: each, at });
      at += ITEM_HEADER + each.bytes.length;
      walk(each.children);
    }
  };
  walk(roots);
  return all;
};

const ulElement = (tag: number, value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return Buffer.concat([elementHeader(tag, 'UL', 4, EXPLICIT), bytes]);
};

/**
 * A DICOMDIR (PS3.10 section 8, PS3.3 annex F) of these files: patients, studies and series in the order in which they are
 * first met. Texts beyond ASCII are UTF-8, said in each record.
 * @param fileSet File-set ID, at most 16 of `A-Z 0-9 _`, and the UID of the directory.
 */
export const writeDirectory = (
  entries: readonly DirectoryEntry[],
  fileSet: { readonly id: string; readonly uid: string },
): Buffer => {
  const meta = buildPart10Meta({
    SOPClassUID: MEDIA_STORAGE_DIRECTORY,
    SOPInstanceUID: fileSet.uid,
    TransferSyntaxUID: EXPLICIT_VR_LITTLE_ENDIAN,
  });
  const id = writeDataSet({ '00041130': { vr: 'CS', Value: [fileSet.id] } }, EXPLICIT_VR_LITTLE_ENDIAN, '');
  // Two offsets of 12 bytes, the consistency flag of 10, and the header of the sequence.
  const start = meta.length + id.length + 12 + 12 + 10 + 12;
  const roots = treeOf(entries);
  const records = placed(roots, start);
  const offsets = new Map(records.map(({ node: each, at }) => [each, at]));
  const link = (siblings: readonly Node[]): void => {
    siblings.forEach((each, index) => {
      const next = siblings[index + 1];
      each.bytes.writeUInt32LE(next === undefined ? 0 : (offsets.get(next) ?? 0), each.next);
      const [first] = each.children;
      each.bytes.writeUInt32LE(first === undefined ? 0 : (offsets.get(first) ?? 0), each.lower);
      link(each.children);
    });
  };
  link(roots);
  const [first] = roots;
  const last = roots.at(-1);
  const content = records.flatMap(({ node: { bytes } }) => [itemHeader(bytes.length), bytes]);
  const length = content.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([
    meta,
    id,
    ulElement(0x00041200, first === undefined ? 0 : (offsets.get(first) ?? 0)),
    ulElement(0x00041202, last === undefined ? 0 : (offsets.get(last) ?? 0)),
    elementHeader(0x00041212, 'US', 2, EXPLICIT),
    Buffer.alloc(2),
    elementHeader(0x00041220, 'SQ', length, EXPLICIT),
    ...content,
  ]);
};
