import { type DicomJson, type DicomJsonAttribute, personNameJson } from '@archwire/dicom';

/** Whose a study is, as the practice knows it; an empty value is one that the practice does not know. */
export interface KnownIdentity {
  readonly PatientID: string | null;
  readonly IssuerOfPatientID: string | null;
  readonly PatientName: string | null;
  /** `YYYYMMDD` */
  readonly PatientBirthDate: string | null;
  readonly PatientSex: string | null;
  /** Since when it is this, VR DT. */
  readonly since: string;
}

const ORIGINAL_ATTRIBUTES = '04000561';

/** What else says who somebody is and would contradict another Patient ID (PS3.3 C.2.2, C.2.3): taken out with it. */
const OF_ANOTHER_ID = [
  '00100022',
  '00100024',
  '00100032',
  '00101000',
  '00101001',
  '00101002',
  '00101005',
  '00101040',
  '00101060',
  '00102154',
];

const attribute = (vr: string, value: string | null): DicomJsonAttribute =>
  value === null || value === '' ? { vr } : { vr, Value: [value] };

const nameAttribute = (name: string | null): DicomJsonAttribute => {
  const value = personNameJson(name ?? '');
  return value === null ? { vr: 'PN' } : { vr: 'PN', Value: [value] };
};

const given = (identity: KnownIdentity): readonly (readonly [string, DicomJsonAttribute])[] => [
  ['00100010', nameAttribute(identity.PatientName)],
  ['00100020', attribute('LO', identity.PatientID)],
  ['00100021', attribute('LO', identity.IssuerOfPatientID)],
  ['00100030', attribute('DA', identity.PatientBirthDate)],
  ['00100040', attribute('CS', identity.PatientSex)],
];

const valueOf = (of: DicomJsonAttribute | undefined): string => JSON.stringify(of?.Value ?? []);

/**
 * What to change in an object so that it says whose it is as the practice knows it: elements to replace or add, `undefined`
 * to take out, and the values that it had in an item of the Original Attributes Sequence (PS3.3 C.12.1.1.9). Nothing when
 * it says so already.
 */
export const identityChanges = (
  dataSet: DicomJson,
  identity: KnownIdentity,
): ReadonlyMap<string, DicomJsonAttribute | undefined> => {
  const changes = new Map<string, DicomJsonAttribute | undefined>(
    given(identity).filter(([tag, value]) => valueOf(dataSet[tag]) !== valueOf(value)),
  );
  if (changes.has('00100020'))
    for (const tag of OF_ANOTHER_ID) if (dataSet[tag] !== undefined) changes.set(tag, undefined);
  const modified: DicomJson = {};
  for (const tag of changes.keys()) {
    const had = dataSet[tag];
    if (had !== undefined) modified[tag] = had;
  }
  if (Object.keys(modified).length === 0) return changes;
  const item: DicomJson = {
    '04000550': { vr: 'SQ', Value: [modified] },
    '04000562': { vr: 'DT', Value: [identity.since] },
    '04000563': { vr: 'LO', Value: ['Archwire'] },
    '04000564': { vr: 'LO' },
    '04000565': { vr: 'CS', Value: ['COERCE'] },
  };
  const before = dataSet[ORIGINAL_ATTRIBUTES]?.Value ?? [];
  return changes.set(ORIGINAL_ATTRIBUTES, { vr: 'SQ', Value: [...before, item] });
};

/** A data set as it goes out. `null` is the identity it came with. */
export const withIdentity = (dataSet: DicomJson, identity: KnownIdentity | null): DicomJson => {
  if (identity === null) return dataSet;
  const changes = identityChanges(dataSet, identity);
  return Object.fromEntries(
    Object.entries({ ...dataSet, ...Object.fromEntries(changes) })
      .flatMap(([tag, value]) => (value === undefined ? [] : [[tag, value] as const]))
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
};
