import type { ImageView } from '@archwire/contracts/image-view';
import type { PictureAdjustment } from '@archwire/contracts/picture-adjustment';
import { isPhotoSlot, PHOTO_SLOTS, type PhotoSlot, SHOOTING_ORDER } from './photo-slots.ts';
import { suggestSlot } from './suggest-slot.ts';

export type RecordKind = 'photo' | 'model' | 'document' | 'heic' | 'other';

/** A file that waits to be added, and where it was put. */
export interface RecordItem {
  readonly id: string;
  readonly file: File;
  readonly kind: RecordKind;
  /** One of the slots, or what else it shows. */
  readonly view: ImageView;
  readonly adjustment: PictureAdjustment;
}

export const AS_IT_IS: PictureAdjustment = { flip: false, rotation: 0, crop: null };

const KINDS: readonly (readonly [RegExp, RecordKind])[] = [
  [/\.(?:jpe?g|png|tiff?)$/i, 'photo'],
  [/\.(?:stl|obj|ply|mtl)$/i, 'model'],
  [/\.pdf$/i, 'document'],
  [/\.(?:heic|heif)$/i, 'heic'],
];
/** By the name alone: the server looks inside. */
export const recordKind = ({ name, type }: Pick<File, 'name' | 'type'>): RecordKind =>
  KINDS.find(([pattern]) => pattern.test(name))?.[1] ?? (type.startsWith('image/') ? 'photo' : 'other');

const modelView = (name: string): ImageView => {
  const slot = suggestSlot(name);
  return slot === 'occlusal-upper' ? 'scan-upper' : slot === 'occlusal-lower' ? 'scan-lower' : 'scan';
};

let count = 0;
const itemOf = (file: File): RecordItem => {
  const kind = recordKind(file);
  const view = kind === 'model' ? modelView(file.name) : kind === 'document' ? 'document' : 'photo';
  count += 1;
  return { id: `item-${count}`, file, kind, view, adjustment: AS_IT_IS };
};

const inOrder = (a: RecordItem, b: RecordItem): number =>
  a.file.lastModified - b.file.lastModified ||
  a.file.name.localeCompare(b.file.name, 'en', { numeric: true });

/** Puts files into free slots: by their names, and a whole set without names in the order in which sets are taken. */
export const addFiles = (items: readonly RecordItem[], files: readonly File[]): readonly RecordItem[] => {
  const taken = new Set(items.map(({ view }) => view));
  const place = (item: RecordItem, slot: PhotoSlot | undefined): RecordItem => {
    if (slot === undefined || taken.has(slot)) return item;
    taken.add(slot);
    return { ...item, view: slot };
  };
  const added = files
    .map(itemOf)
    .toSorted(inOrder)
    .map((item) => (item.kind === 'photo' ? place(item, suggestSlot(item.file.name)) : item));
  const loose = added.filter(({ kind, view }) => kind === 'photo' && view === 'photo');
  const free = SHOOTING_ORDER.filter((slot) => !taken.has(slot));
  if (loose.length !== free.length) return [...items, ...added];
  return [
    ...items,
    ...added.map((item) => (loose.includes(item) ? place(item, free[loose.indexOf(item)]) : item)),
  ];
};

/** Puts a picture into a slot; what lies there goes where it came from. */
export const moveTo = (items: readonly RecordItem[], id: string, view: ImageView): readonly RecordItem[] => {
  const from = items.find((item) => item.id === id);
  if (from === undefined || from.view === view) return items;
  return items.map((item) => {
    if (item.id === id) return { ...item, view };
    return isPhotoSlot(view) && item.view === view ? { ...item, view: from.view } : item;
  });
};

/** In which slot each lies; what is in none. */
export const bySlot = (items: readonly RecordItem[]) => ({
  slots: PHOTO_SLOTS.map((slot) => ({ slot, item: items.find(({ view }) => view === slot) })),
  others: items.filter(({ view }) => !isPhotoSlot(view)),
});
