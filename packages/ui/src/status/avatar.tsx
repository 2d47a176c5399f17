import styles from './status.module.css';

/** First letters of the first and the last word, whatever alphabet; of DICOM names (`Ruiz^Camille`) too. */
const initials = (name: string): string => {
  const words = name.split(/[\s^,=]+/u).filter((word) => /\p{L}|\p{N}/u.test(word));
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends
    .map((word) => /^./su.exec(word ?? '')?.[0] ?? '')
    .join('')
    .toUpperCase();
};

/** The initials of a person, or of a group. The name stands beside it, so it is not read out. */
export const Avatar = ({
  name,
  size = 'small',
  shape = 'person',
}: {
  readonly name: string;
  readonly size?: 'small' | 'large';
  readonly shape?: 'person' | 'group';
}) => (
  <span className={styles.avatar} data-size={size} data-shape={shape} aria-hidden>
    {initials(name)}
  </span>
);
