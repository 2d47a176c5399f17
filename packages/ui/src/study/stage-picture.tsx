import { useEffect, useRef, useState } from 'react';
import { Picture, type PictureProps } from './picture.tsx';
import styles from './stage.module.css';
import { zoomTransform, type ZoomView } from './zoom-view.ts';

export interface StagePictureProps extends Omit<PictureProps, 'src' | 'fit' | 'isFirst'> {
  /** The same picture in growing sizes, the first one shown at once; empty while it is being made. */
  readonly sources: readonly { readonly src: string; readonly width: number; readonly height: number }[];
}

/** A source is enough while it is at most this much enlarged. */
const ENLARGED = 1.15;

/** A picture under a view: as sharp as the view needs, from the small source to the full one. */
export const StagePicture = ({
  view,
  sources,
  ...picture
}: StagePictureProps & { readonly view: ZoomView }) => {
  const box = useRef<HTMLDivElement>(null);
  const [pane, setPane] = useState({ width: 0, height: 0 });
  const [loaded, setLoaded] = useState('');
  useEffect(() => {
    const { current } = box;
    if (current === null) return undefined;
    const observer = new ResizeObserver(() =>
      setPane({ width: current.offsetWidth, height: current.offsetHeight }),
    );
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  const [first] = sources;
  const shown =
    first === undefined ? 0 : Math.min(pane.width, (pane.height * first.width) / Math.max(first.height, 1));
  const needed = shown * view.scale * devicePixelRatio;
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
          onLoad={() => setLoaded(sharp.src)}
        />
      )}
    </div>
  );
};
