import { attributeOf } from '../dictionary.ts';
import {
  CHARACTERISTIC_TAGS,
  CONFIDENTIALITY_TABLE,
  DEVICE_TAGS,
  INSTITUTION_TAGS,
} from './confidentiality-table.ts';
import type { DeidentifyProfile } from './deidentify-profile.ts';

/** What becomes of an element: `clean` keeps a sequence and cleans its items; `shift` moves a date. */
export type ElementAction = 'keep' | 'remove' | 'empty' | 'dummy' | 'uid' | 'shift' | 'clean';

const tagsOf = (text: string): readonly number[] =>
  text
    .trim()
    .split(/\s+/)
    .map((tag) => Number.parseInt(tag, 16));

/**
 * Where the table leaves it to the attribute's type in its IOD, the action that suits every type: a dummy is valid
 * everywhere, an empty value where Type 1 is not among the choices.
 */
const CHOSEN: Readonly<Record<string, ElementAction>> = {
  X: 'remove',
  Z: 'empty',
  D: 'dummy',
  U: 'uid',
  'X/Z': 'empty',
  'X/D': 'dummy',
  'Z/D': 'dummy',
  'X/Z/D': 'dummy',
  'X/Z/U': 'clean',
};

const ACTIONS = new Map(
  Object.entries(CONFIDENTIALITY_TABLE).flatMap(([codes, tags]) =>
    tagsOf(tags).map((tag) => [tag, CHOSEN[codes] ?? 'remove'] as const),
  ),
);
const DEVICE = new Set(tagsOf(DEVICE_TAGS));
const INSTITUTION = new Set(tagsOf(INSTITUTION_TAGS));
const CHARACTERISTICS = new Set(tagsOf(CHARACTERISTIC_TAGS));

const BIRTH = new Set([0x00100030, 0x00100032]);
/** UIDs that say what something is, never who it is. */
const PUBLIC_UID = new Set([0x0008010c, 0x00020010, 0x00020012, 0x0008001a, 0x0008001b]);
const TEMPORAL = new Set(['DA', 'TM', 'DT']);
/** What a content item or a text object is made of: it may not be empty, and who made it is told by its neighbours. */
const CONTENT = new Set([0x0040a120, 0x0040a121, 0x0040a122, 0x0040a160, 0x00700006]);
/** Text that people write: whatever the table does not name is emptied (no name can be known to be absent). */
const FREE_TEXT = new Set(['LT', 'ST', 'UT', 'PN', 'UR', 'AE']);

const temporalAction = (tag: number, vr: string, { dates }: DeidentifyProfile): ElementAction | undefined => {
  if (dates === 'remove' || BIRTH.has(tag)) return undefined;
  if (tag === 0x00080201) return 'keep';
  if (!TEMPORAL.has(vr)) return undefined;
  return dates === 'keep' || vr === 'TM' ? 'keep' : 'shift';
};

const isKept = (tag: number, profile: DeidentifyProfile): boolean =>
  (profile.keepDevice && DEVICE.has(tag)) ||
  (profile.keepInstitution && INSTITUTION.has(tag)) ||
  (profile.keepCharacteristics && CHARACTERISTICS.has(tag));

const isRepeating = (tag: number): boolean => {
  const family = tag >>> 24;
  return family === 0x50 || family === 0x60;
};

/**
 * What PS3.15 table E.1-1 and the chosen options say of a standard element, and for what they do not name: UIDs are
 * replaced, free text and dates emptied, other coded and numeric values kept, sequences kept with their items cleaned.
 * Elements that PS3.6 does not know are removed; private ones are not for this function.
 */
export const elementAction = (tag: number, vr: string, profile: DeidentifyProfile): ElementAction => {
  // Curves and overlays draw, also letters. Without their data the rest of the group says nothing.
  if (isRepeating(tag) || attributeOf(tag) === undefined) return 'remove';
  if (isKept(tag, profile)) return vr === 'SQ' ? 'clean' : 'keep';
  const temporal = temporalAction(tag, vr, profile);
  if (temporal !== undefined) return temporal;
  const listed = ACTIONS.get(tag);
  if (listed === 'uid' || (listed === undefined && vr === 'UI'))
    return profile.keepUids || PUBLIC_UID.has(tag) ? 'keep' : 'uid';
  if (vr === 'SQ') {
    if (listed === undefined || listed === 'dummy' || listed === 'clean') return 'clean';
    return listed;
  }
  if (listed !== undefined) return listed;
  if (CONTENT.has(tag)) return 'dummy';
  if (FREE_TEXT.has(vr) || TEMPORAL.has(vr)) return 'empty';
  return vr === 'UN' ? 'remove' : 'keep';
};
