import { useText } from '@archwire/ui';
import { useCallback } from 'react';
import { actionMessages } from './action-messages.ts';

type Key = keyof (typeof actionMessages)['en'];
const isKey = (text: string): text is Key => text in actionMessages.en;

/** An action in words; one that is newer than this page as it is written. */
export const useActionWords = (): ((entry: {
  readonly action: string;
  readonly outcome: string;
}) => string) => {
  const text = useText(actionMessages);
  return useCallback(
    ({ action, outcome }) => {
      const failed = `${action}.failure`;
      if (outcome === 'failure' && isKey(failed)) return text(failed);
      return isKey(action) && action !== 'other' ? text(action) : text('other', { action });
    },
    [text],
  );
};
