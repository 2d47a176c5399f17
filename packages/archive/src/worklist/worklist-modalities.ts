/**
 * The modalities that each kind of equipment makes: a panoramic unit often has an arm for cephalograms, a CBCT unit does all
 * three. Kinds that are not here, such as a practice system that asks on behalf of others, may make anything.
 */
const MODALITIES: ReadonlyMap<string, readonly string[]> = new Map([
  ['panoramic', ['PX', 'DX', 'CR']],
  ['cbct', ['CT', 'PX', 'DX']],
  ['ceph', ['DX', 'CR', 'PX']],
  ['intraoral-sensor', ['IO', 'DX', 'CR']],
  ['intraoral-scanner', ['OSS', 'M3D', 'XC']],
  ['camera', ['XC', 'ES']],
]);

/** What a device of this kind makes; `null` when that is not known. */
export const worklistModalities = (kind: string): readonly string[] | null => MODALITIES.get(kind) ?? null;
