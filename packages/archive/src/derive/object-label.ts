/** Storage SOP classes without a picture (PS3.6 table A-1), by the start of their UID after `1.2.840.10008.5.1.4.1.1.`. */
const LABELS: readonly (readonly [string, string])[] = [
  ['88.59', 'KEY OBJECTS'],
  ['88.', 'REPORT'],
  ['104.1', 'DOCUMENT'],
  ['104.2', 'DOCUMENT'],
  ['104.', '3D MODEL'],
  ['11.', 'PRESENTATION STATE'],
  ['66.5', '3D MODEL'],
  ['66.', 'REGISTRATION'],
  ['9.', 'WAVEFORM'],
  ['481.', 'RADIOTHERAPY'],
];
const STORAGE = '1.2.840.10008.5.1.4.1.1.';

/** What stands on the placeholder of an object that has no pixels. */
export function objectLabel(sopClassUid: string): string {
  const label = LABELS.find(([start]) => sopClassUid.startsWith(STORAGE + start));
  return label?.[1] ?? 'NO PICTURE';
}
