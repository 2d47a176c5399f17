import { CloudOff, Lock, SearchX, TriangleAlert } from 'lucide-react';
import { Button } from '../button/button.tsx';
import { useText } from '../i18n/use-text.ts';
import { messages } from '../messages.ts';
import styles from './feedback.module.css';

const LOOKS = {
  offline: { icon: CloudOff, title: 'offline', hint: 'offlineHint' },
  unavailable: { icon: CloudOff, title: 'offline', hint: 'offlineHint' },
  forbidden: { icon: Lock, title: 'forbidden', hint: 'forbiddenHint' },
  'not-found': { icon: SearchX, title: 'missing', hint: 'missingHint' },
  other: { icon: TriangleAlert, title: 'failed', hint: 'failedHint' },
} as const;
const isKnown = (kind: string): kind is keyof typeof LOOKS => kind in LOOKS;

const read = (error: unknown, name: 'kind' | 'requestId'): string | undefined => {
  const value: unknown =
    typeof error === 'object' && error !== null ? new Map(Object.entries(error)).get(name) : undefined;
  return typeof value === 'string' ? value : undefined;
};

/** What went wrong, what to do, a button for it, and the number that an administrator finds in the logs. */
export const ErrorState = ({
  error,
  onRetry,
}: {
  /** An `ApiProblem`, or anything else that was thrown. */
  readonly error: unknown;
  readonly onRetry?: () => void;
}) => {
  const text = useText(messages);
  const kind = read(error, 'kind') ?? 'other';
  const { icon: Icon, title, hint } = LOOKS[isKnown(kind) ? kind : 'other'];
  const requestId = read(error, 'requestId');
  return (
    <div className={styles.state} role="alert">
      <span className={styles.icon} data-tone="danger">
        <Icon size={22} aria-hidden />
      </span>
      <p className={styles.title}>{text(title)}</p>
      <p className={styles.text}>{text(hint)}</p>
      {onRetry !== undefined && (
        <div className={styles.action}>
          <Button onPress={onRetry}>{text('retry')}</Button>
        </div>
      )}
      {requestId !== undefined && <p className={styles.number}>{text('requestId', { id: requestId })}</p>}
    </div>
  );
};
