import { Button, useText } from '@archwire/ui';
import { Check, Copy, Download, Printer } from 'lucide-react';
import { useState } from 'react';
import { messages } from './messages.ts';
import styles from './recovery-codes.module.css';

/** Ten codes that are shown once, and three ways to keep them. */
export const RecoveryCodes = ({
  codes,
  email,
}: {
  readonly codes: readonly string[];
  readonly email: string;
}) => {
  const text = useText(messages);
  const [copied, setCopied] = useState(false);
  const words = `${text('codesFile', { email })}\n\n${codes.join('\n')}\n`;
  const copy = async () => {
    await navigator.clipboard.writeText(words);
    setCopied(true);
  };
  const save = () => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([words], { type: 'text/plain' }));
    link.download = 'archwire-recovery-codes.txt';
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <>
      <ul className={styles.codes} aria-label={text('codesList')}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className={styles.tools}>
        {/* Browsers have no clipboard for pages that came without TLS. */}
        {navigator.clipboard !== undefined && (
          <Button onPress={() => void copy().catch(() => {})}>
            {copied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
            {text(copied ? 'copied' : 'copy')}
          </Button>
        )}
        <Button onPress={save}>
          <Download size={14} aria-hidden />
          {text('save')}
        </Button>
        <Button onPress={() => window.print()}>
          <Printer size={14} aria-hidden />
          {text('print')}
        </Button>
      </div>
    </>
  );
};
