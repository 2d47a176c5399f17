import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useText } from '../i18n/use-text.ts';
import { messages } from '../messages.ts';
import { IconButton } from './icon-button.tsx';

const THANKS_MS = 2000;

/** Puts a text into the clipboard: a UID, a key that is shown once. */
export const CopyButton = ({ value }: { readonly value: string }) => {
  const text = useText(messages);
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), THANKS_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    setCopied(true);
  };
  return (
    <IconButton
      icon={copied ? Check : Copy}
      label={text(copied ? 'copied' : 'copy')}
      size={14}
      onPress={() => void copy()}
    />
  );
};
