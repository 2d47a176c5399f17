import { Button, useText } from '@archwire/ui';
import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { messages } from './messages.ts';
import styles from './settings.module.css';

/** A secret that is shown this once, to be copied. */
export const ShownOnce = ({ secret }: { readonly secret: string }) => {
  const text = useText(messages);
  const [copied, setCopied] = useState(false);
  return (
    <p className={styles.secret}>
      <code>{secret}</code>
      {/* Browsers have no clipboard for pages that came without TLS. */}
      {navigator.clipboard !== undefined && (
        <Button
          onPress={() =>
            void navigator.clipboard.writeText(secret).then(
              () => setCopied(true),
              () => {},
            )
          }
        >
          {copied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
          {text(copied ? 'copied' : 'copy')}
        </Button>
      )}
    </p>
  );
};
