import { useText } from '../i18n/use-text.ts';
import { Status, type StatusTone } from '../status/status.tsx';
import { messages } from './messages.ts';
import { Picture, type PictureProps } from './picture.tsx';
import styles from './study-card.module.css';

const SHOWN = 4;

export interface StudyCardProps {
  readonly title: string;
  /** Where it stands in the treatment: "day 412". */
  readonly day?: string | undefined;
  readonly date: string;
  /** For machines: `2026-11-20`. */
  readonly dateTime: string;
  /** What it holds: "Pano, ceph, photos". */
  readonly what: string;
  /** How many images it has, of which the pictures show the first. */
  readonly images: number;
  readonly pictures: readonly PictureProps[];
  /** A quieter fact, below: how many images, and where. */
  readonly note?: string | undefined;
  readonly status?: { readonly tone: StatusTone; readonly text: string } | undefined;
  /** Side of a comparison. */
  readonly slot?: 'A' | 'B' | undefined;
}

/** A study at a glance: up to four pictures, its name, when it was and what it holds. */
export const StudyCard = ({
  title,
  day,
  date,
  dateTime,
  what,
  images,
  pictures,
  note,
  status,
  slot,
}: StudyCardProps) => {
  const text = useText(messages);
  const shown = pictures.slice(0, SHOWN);
  return (
    <div className={styles.card}>
      <div className={styles.mosaic} data-n={shown.length}>
        {shown.map((picture, at) => (
          <span key={at} className={styles.cell}>
            <Picture {...picture} />
          </span>
        ))}
        {slot !== undefined && (
          <span className={styles.slot} aria-hidden>
            {slot}
          </span>
        )}
        {images > shown.length && (
          <span className={styles.more}>{text('more', { count: images - shown.length })}</span>
        )}
      </div>
      <div className={styles.body}>
        <div className={styles.head}>
          <span className={styles.title} title={title}>
            {title}
          </span>
          {day !== undefined && <span className={styles.day}>{day}</span>}
        </div>
        <div className={styles.meta}>
          <time dateTime={dateTime}>{date}</time>
          <span aria-hidden>·</span>
          <span className={styles.what} title={what}>
            {what}
          </span>
        </div>
        {status === undefined ? (
          note !== undefined && <div className={styles.note}>{note}</div>
        ) : (
          <div className={styles.foot}>
            <Status tone={status.tone} quiet>
              {status.text}
            </Status>
          </div>
        )}
      </div>
    </div>
  );
};
