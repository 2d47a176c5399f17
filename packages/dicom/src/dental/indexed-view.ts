import type { ImageView, InstanceHeader } from '@archwire/contracts';
import { describedView } from './described-view.ts';

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

/** Those of which words say more, and that are no other thing by their class. */
const OPEN: ReadonlySet<ImageView> = new Set(['radiograph', 'periapical', 'other']);

/**
 * What modality and SOP class alone say, and whether words of the device may say more: a pano or ceph often comes as DX,
 * CR or Secondary Capture.
 */
export const classView = ({
  SOPClassUID,
  Modality,
}: Pick<InstanceHeader, 'SOPClassUID' | 'Modality'>): {
  readonly view: ImageView;
  readonly open: boolean;
} => {
  const rest = SOPClassUID.startsWith(STORAGE) ? SOPClassUID.slice(STORAGE.length) : '';
  const byClass = CLASSES.find(
    ([start]) => rest === start || rest.startsWith(start.endsWith('.') ? start : `${start}.`),
  )?.[1];
  const view = byClass ?? MODALITIES.get(Modality ?? '') ?? 'other';
  return { view, open: OPEN.has(view) && byClass !== 'other' && byClass !== 'report' };
};

/**
 * What an object shows as far as the index knows: modality, SOP class and what the device wrote about the series. For
 * objects whose head nobody has looked at.
 */
export const indexedView = ({
  SeriesDescription,
  ...classed
}: Pick<InstanceHeader, 'SOPClassUID' | 'Modality' | 'SeriesDescription'>): ImageView => {
  const { view, open } = classView(classed);
  return open ? (describedView(SeriesDescription) ?? view) : view;
};
