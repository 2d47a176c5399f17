import { Button, TextField, useText } from '@archwire/ui';
import { messages } from '../messages.ts';
import styles from './assign-dialog.module.css';

export const ASSIGN_REASONS = ['quick-recognised', 'quick-typo', 'quick-confirmed'] as const;
export const REJECT_REASONS = ['quick-phantom', 'quick-foreign', 'quick-unusable'] as const;

/** Why somebody decides so: the usual reasons with one press, or in their own words. */
export const ReasonField = ({
  value,
  onChange,
  usual,
  error,
}: {
  readonly value: string;
  readonly onChange: (reason: string) => void;
  /** The usual reasons, in the reader's language. */
  readonly usual: readonly string[];
  readonly error?: string | undefined;
}) => {
  const text = useText(messages);
  return (
    <div className={styles.reason}>
      <TextField
        label={text('reason')}
        description={text('reasonHint')}
        value={value}
        onChange={onChange}
        maxLength={500}
        isRequired
        error={error}
      />
      <div className={styles.quick}>
        {usual.map((said) => (
          <Button key={said} onPress={() => onChange(said)}>
            {said}
          </Button>
        ))}
      </div>
    </div>
  );
};
