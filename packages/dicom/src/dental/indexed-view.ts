import type { ImageView, InstanceHeader } from '@archwire/contracts';

const STORAGE = '1.2.840.10008.5.1.4.1.1.';

/** Storage SOP classes that say by themselves what they are, by the start of their UID after `1.2.840.10008.5.1.4.1.1.`. */
const CLASSES: readonly (readonly [start: string, view: ImageView])[] = [
  ['1.3', 'periapical'],
  ['13.1.2', 'cbct'],
  ['2', 'cbct'],
  ['77.1.1', 'photo'],
  ['77.1.4', 'photo'],
  ['77.1.7', 'photo'],
  ['104.1', 'document'],
  ['104.2', 'document'],
  ['104.', 'scan'],
  ['68.', 'scan'],
  ['66.5', 'scan'],
  ['88.59', 'other'],
  ['88.', 'report'],
  ['11.', 'other'],
  ['66.', 'other'],
];

const MODALITIES: ReadonlyMap<string, ImageView> = new Map([
  ['PX', 'panoramic'],
  ['IO', 'periapical'],
  ['XC', 'photo'],
  ['ES', 'photo'],
  ['DMS', 'photo'],
  ['GM', 'photo'],
  ['CT', 'cbct'],
  ['M3D', 'scan'],
  ['OSS', 'scan'],
  ['SR', 'report'],
  ['DOC', 'document'],
  ['DX', 'radiograph'],
  ['CR', 'radiograph'],
  ['RG', 'radiograph'],
]);

const DESCRIBED: readonly (readonly [pattern: RegExp, view: ImageView])[] = [
  [/\bpano?\b|panor|\bopg\b|\bopt\b|orthopanto/, 'panoramic'],
  [
    /(?:frontal|\bpa\b|postero).*(?:ceph|t[eé]l[eé]r)|(?:ceph|t[eé]l[eé]r).*(?:frontal|\bpa\b|postero)/,
    'ceph-frontal',
  ],
  [/ceph|cef|t[eé]l[eé]r|\bfrs\b/, 'ceph-lateral'],
  [/bite ?-?wing|retrocoronaire|aleta de mordida/, 'bitewing'],
  [/periapical|r[eé]tro-?alv/, 'periapical'],
];

const describedView = (description: string | null): ImageView | undefined => {
  const text = (description ?? '').toLowerCase();
  return DESCRIBED.find(([pattern]) => pattern.test(text))?.[1];
};

/**
 * What an object shows as far as the index knows: modality, SOP class and what the device wrote about the series. For
 * objects whose head nobody has looked at.
 */
export const indexedView = ({
  SOPClassUID,
  Modality,
  SeriesDescription,
}: Pick<InstanceHeader, 'SOPClassUID' | 'Modality' | 'SeriesDescription'>): ImageView => {
  const rest = SOPClassUID.startsWith(STORAGE) ? SOPClassUID.slice(STORAGE.length) : '';
  const byClass = CLASSES.find(
    ([start]) => rest === start || rest.startsWith(start.endsWith('.') ? start : `${start}.`),
  );
  const known = byClass?.[1] ?? MODALITIES.get(Modality ?? '') ?? 'other';
  if (known !== 'radiograph' && known !== 'periapical' && known !== 'other') return known;
  // A pano or ceph often comes as DX, CR or Secondary Capture; only its words tell.
  return rest.startsWith('88.') || byClass?.[1] === 'other'
    ? known
    : (describedView(SeriesDescription) ?? known);
};
