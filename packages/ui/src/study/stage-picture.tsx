import { useEffect, useRef, useState } from 'react';
import { Picture, type PictureProps } from './picture.tsx';
import styles from './stage.module.css';
import { zoomTransform, type ZoomView } from './zoom-view.ts';

export interface StagePictureProps extends Omit<PictureProps, 'src' | 'fit' | 'isFirst'> {
  /** The same picture in growing sizes, the first one shown at once; empty while it is being made. */
  readonly sources: readonly { readonly src: string; readonly width: number }[];
}

/** A source is enough while it is at most this much enlarged. */
const ENLARGED = 1.15;

/** A picture under a view: as sharp as the view needs, from the small source to the full one. */
export const StagePicture = ({
  view,
  sources,
  onSharp,
  ...picture
}: StagePictureProps & { readonly view: ZoomView; readonly onSharp?: (width: number) => void }) => {
  const box = useRef<HTMLDivElement>(null);
  const [pane, setPane] = useState(0);
  const [loaded, setLoaded] = useState('');
  useEffect(() => {
    const { current } = box;
    if (current === null) return undefined;
    const observer = new ResizeObserver(() => setPane(current.offsetWidth));
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  const [first] = sources;
  const needed = pane * view.scale * devicePixelRatio;
  const sharp = sources.find(({ width }) => width * ENLARGED >= needed) ?? sources.at(-1);
  const isSharper = sharp !== undefined && sharp.src !== first?.src;
  return (
    <div ref={box} className={styles.picture} style={{ transform: zoomTransform(view) }}>
      <Picture {...picture} src={first?.src ?? null} fit="contain" isFirst />
      {isSharper && (
        <img
          key={sharp.src}
          src={sharp.src}
          alt=""
          className={styles.sharp}
          data-loaded={loaded === sharp.src || undefined}
          draggable={false}
          decoding="async"
          onLoad={() => {
            setLoaded(sharp.src);
            onSharp?.(sharp.width);
          }}
        />
      )}
    </div>
  );
};
