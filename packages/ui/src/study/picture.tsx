import { CircleAlert, FileX2, ImageOff, Loader } from 'lucide-react';
import { useState } from 'react';
import { classes } from '../classes.ts';
import { useText } from '../i18n/use-text.ts';
import { messages } from './messages.ts';
import styles from './picture.module.css';

/** Why there is no picture of an image, as the archive says it. */
const REASONS: ReadonlyMap<string, 'noPicture' | 'damaged' | 'unsupported' | 'too-large' | 'timeout'> =
  new Map([
    ['no-picture', 'noPicture'],
    ['damaged', 'damaged'],
    ['unsupported', 'unsupported'],
    ['too-large', 'too-large'],
    ['timeout', 'timeout'],
  ] as const);

export interface PictureProps {
  /** `null`: not made yet. */
  readonly src: string | null;
  /** Empty where words beside it say the same. */
  readonly alt: string;
  /** What it is, for the tile that stands in for a picture that cannot be shown. */
  readonly name: string;
  /** Not `null`: there will never be a picture, and why. */
  readonly reason?: string | null;
  readonly fit?: 'cover' | 'contain';
  /** Among the first that a person sees: loaded before the rest. */
  readonly isFirst?: boolean;
  /** Called once when the picture does not come, before it is asked for again: a session may have to be renewed. */
  readonly recover?: (() => Promise<unknown>) | undefined;
}

/** A picture of an image, or a tile that says why there is none: pending, failed to load, cannot be shown. */
export const Picture = ({
  src,
  alt,
  name,
  reason = null,
  fit = 'cover',
  isFirst = false,
  recover,
}: PictureProps) => {
  const text = useText(messages);
  const [failures, setFailures] = useState({ src, count: 0 });
  const [loaded, setLoaded] = useState<string | null>(null);
  const count = failures.src === src ? failures.count : 0;
  const failed = async () => {
    if (count === 0) await recover?.().catch(() => {});
    setFailures({ src, count: count + 1 });
  };
  if (reason !== null) {
    const why = text(REASONS.get(reason) ?? 'noPicture');
    const Icon = reason === 'no-picture' ? FileX2 : CircleAlert;
    return (
      <span
        className={styles.tile}
        data-tone={reason === 'no-picture' ? undefined : 'warn'}
        title={`${name}: ${why}`}
      >
        <Icon size={18} aria-hidden />
        <span>{reason === 'no-picture' ? name : why}</span>
      </span>
    );
  }
  if (src === null) {
    return (
      <span className={classes(styles.tile, styles.pending)} title={text('preparing')}>
        <Loader size={18} aria-hidden />
        <span>{text('preparing')}</span>
      </span>
    );
  }
  if (count > 1) {
    return (
      <span className={styles.tile} data-tone="warn" title={text('unreachable')}>
        <ImageOff size={18} aria-hidden />
        <span>{text('unreachable')}</span>
      </span>
    );
  }
  return (
    <img
      key={count}
      src={src}
      alt={alt}
      className={styles.picture}
      data-fit={fit}
      data-loaded={loaded === src || undefined}
      draggable={false}
      decoding="async"
      loading={isFirst ? 'eager' : 'lazy'}
      fetchPriority={isFirst ? 'high' : 'auto'}
      onLoad={() => setLoaded(src)}
      onError={() => void failed()}
    />
  );
};
