import { IconButton, toasts, useText } from '@archwire/ui';
import { Copy } from 'lucide-react';
import styles from './devices.module.css';
import { messages } from './messages.ts';

/** Something to be typed elsewhere: large enough to read across the room, and copied with one press. */
export const CopyLine = ({ label, value }: { readonly label: string; readonly value: string }) => {
  const text = useText(messages);
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    toasts.show({ text: text('copied'), tone: 'ok' });
  };
  return (
    <div className={styles.copyLine}>
      <dt>{label}</dt>
      <dd>
        <code>{value}</code>
        {/* Only pages over TLS or of this very machine may write to the clipboard. */}
        {window.isSecureContext && (
          <IconButton icon={Copy} label={text('copy', { what: label })} onPress={() => void copy()} />
        )}
      </dd>
    </div>
  );
};
