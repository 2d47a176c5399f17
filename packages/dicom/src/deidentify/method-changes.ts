import type { DicomJson } from '../dicom-json.ts';
import { itemHeader, padded, type NewValue } from '../transcode/rewrite-elements.ts';
import { writeDataSet } from '../write-data-set.ts';
import type { DeidentifyProfile } from './deidentify-profile.ts';
import type { Pseudonyms } from './pseudonyms.ts';

const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';

const value = (vr: string, text: string): NewValue => ({
  vr,
  value: padded(Buffer.from(text, 'latin1'), vr),
});

/** Codes of CID 7050, De-identification Method (PS3.16). */
const methodCodes = (
  profile: DeidentifyProfile,
  cleanedPixels: boolean,
): readonly (readonly [string, string])[] => [
  ['113100', 'Basic Application Confidentiality Profile'],
  ...(cleanedPixels ? [['113101', 'Clean Pixel Data Option'] as const] : []),
  ['113103', 'Clean Graphics Option'],
  ['113104', 'Clean Structured Content Option'],
  ...(profile.dates === 'keep'
    ? [['113106', 'Retain Longitudinal Temporal Information Full Dates Option'] as const]
    : []),
  ...(profile.dates === 'shift'
    ? [['113107', 'Retain Longitudinal Temporal Information Modified Dates Option'] as const]
    : []),
  ...(profile.keepCharacteristics ? [['113108', 'Retain Patient Characteristics Option'] as const] : []),
  ...(profile.keepDevice ? [['113109', 'Retain Device Identity Option'] as const] : []),
  ...(profile.keepInstitution ? [['113112', 'Retain Institution Identity Option'] as const] : []),
  ...(profile.keepUids ? [['113110', 'Retain UIDs Option'] as const] : []),
  ...(profile.safePrivate.length > 0 ? [['113111', 'Retain Safe Private Option'] as const] : []),
];

const LONGITUDINAL = { remove: 'REMOVED', shift: 'MODIFIED', keep: 'UNMODIFIED' } as const;

/** What a de-identified object says of itself, and the pseudonym in place of the patient (PS3.15 E.1.1). */
export const methodChanges = (
  profile: DeidentifyProfile,
  { patient }: Pseudonyms,
  cleanedPixels: boolean,
): ReadonlyMap<string, NewValue | null> => {
  const items = methodCodes(profile, cleanedPixels).flatMap(([code, meaning]) => {
    const item: DicomJson = {
      '00080100': { vr: 'SH', Value: [code] },
      '00080102': { vr: 'SH', Value: ['DCM'] },
      '00080104': { vr: 'LO', Value: [meaning] },
    };
    const content = writeDataSet(item, EXPLICIT_VR_LITTLE_ENDIAN, '');
    return [itemHeader(content.length), content];
  });
  return new Map<string, NewValue | null>([
    ['x00100010', value('PN', patient)],
    ['x00100020', value('LO', patient)],
    ['x00120062', value('CS', 'YES')],
    ['x00120063', value('LO', 'PS3.15 Annex E Basic Profile')],
    ['x00120064', { vr: 'SQ', value: Buffer.concat(items) }],
    ['x00280303', value('CS', LONGITUDINAL[profile.dates])],
    ...(cleanedPixels ? [['x00280301', value('CS', 'NO')] as const] : []),
  ]);
};
