import { useText } from '../i18n/use-text.ts';
import { messages } from '../messages.ts';
import styles from './feedback.module.css';

/** The shape of what is about to come: so many lines, or a block of a height. */
export const Skeleton = ({ lines = 1, height }: { readonly lines?: number; readonly height?: number }) => {
  const text = useText(messages);
  return (
    <div className={styles.skeleton} role="status">
      <span className={styles.srOnly}>{text('loading')}</span>
      {height === undefined ? (
        Array.from({ length: lines }, (_, at) => <span key={at} className={styles.bone} aria-hidden />)
      ) : (
        <span className={styles.bone} style={{ height }} aria-hidden />
      )}
    </div>
  );
};
