import type { DataSet } from 'dicom-parser';

/** The items of a sequence. */
export const itemsFor = (dataSet: DataSet, tag: string): readonly DataSet[] =>
  (dataSet.elements[tag]?.items ?? []).flatMap((item) => (item.dataSet === undefined ? [] : [item.dataSet]));

/** Whether an item of a presentation state is for this frame: its Referenced Image Sequence names it, or it has none. */
export function isFor(
  item: DataSet,
  image: { readonly SOPInstanceUID: string; readonly frameNumber: number },
): boolean {
  const references = itemsFor(item, 'x00081140');
  if (references.length === 0) return true;
  return references.some((reference) => {
    if (reference.string('x00081155')?.trim() !== image.SOPInstanceUID) return false;
    const frames = reference.string('x00081160');
    return frames === undefined || frames.split('\\').map(Number).includes(image.frameNumber);
  });
}

/** The first item of a sequence that is for this frame. */
export const itemFor = (
  dataSet: DataSet,
  tag: string,
  image: { readonly SOPInstanceUID: string; readonly frameNumber: number },
): DataSet | undefined => itemsFor(dataSet, tag).find((item) => isFor(item, image));
