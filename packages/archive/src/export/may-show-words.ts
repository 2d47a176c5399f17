import type { CleanRegion, InstanceHead } from '@archwire/dicom';

const BURNED_IN_ANNOTATION = 'x00280301';
const OVERLAY_ROWS = /^x60[0-9a-f]{2}0010$/;

/** Whether the picture of an image may say in letters who was imaged: burned in, where its device model writes, or as overlay. */
export const mayShowWords = (head: InstanceHead, regions: readonly CleanRegion[]): boolean =>
  regions.length > 0 ||
  head.dataSet.string(BURNED_IN_ANNOTATION)?.trim() === 'YES' ||
  Object.keys(head.dataSet.elements).some((key) => OVERLAY_ROWS.test(key));
