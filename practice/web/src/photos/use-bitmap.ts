import { useEffect, useState } from 'react';
import type { RecordItem } from './record-item.ts';

/** Enough for the largest place that a picture has before it is added. */
const WIDTH = 900;

const bitmaps = new WeakMap<File, Promise<ImageBitmap | null>>();

const bitmapOf = async (file: File): Promise<ImageBitmap | null> => {
  try {
    return await createImageBitmap(file, {
      resizeWidth: WIDTH,
      resizeQuality: 'medium',
      imageOrientation: 'from-image',
    });
  } catch {
    // A TIFF, which browsers do not show, or a damaged picture, of which the server says why.
    return null;
  }
};

/** A small upright copy of a picture; `undefined` while it is made, `null` when this browser cannot show it. */
export const useBitmap = ({ file, kind }: RecordItem): ImageBitmap | null | undefined => {
  const [made, setMade] = useState<{ readonly file: File; readonly bitmap: ImageBitmap | null }>();
  useEffect(() => {
    if (kind !== 'photo') return undefined;
    let isGone = false;
    const making = bitmaps.get(file) ?? bitmapOf(file);
    bitmaps.set(file, making);
    void making.then((bitmap) => {
      if (!isGone) setMade({ file, bitmap });
    });
    return () => {
      isGone = true;
    };
  }, [file, kind]);
  if (kind !== 'photo') return null;
  return made?.file === file ? made.bitmap : undefined;
};
