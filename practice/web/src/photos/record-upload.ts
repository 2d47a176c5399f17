import { isAdjusted } from '@archwire/contracts/picture-adjustment';
import type { FileToSend } from '../import/uploader.ts';
import type { RecordItem } from './record-item.ts';

/** Two cameras may call two pictures the same. */
const pathsOf = (items: readonly RecordItem[]): ReadonlyMap<string, string> =>
  new Map(items.map(({ id, file }, at) => [id, `${String(at + 1).padStart(2, '0')}/${file.name}`]));

/** Between the items of a page and the one uploader of this tab. */
export const recordUpload = {
  pathsOf,
  filesOf: (items: readonly RecordItem[]): readonly FileToSend[] => {
    const paths = pathsOf(items);
    return items.map(({ id, file, view, adjustment }) => ({
      file,
      path: paths.get(id) ?? file.name,
      shows: { view, teeth: [], ...(isAdjusted(adjustment) ? { adjustment } : {}) },
    }));
  },
};
