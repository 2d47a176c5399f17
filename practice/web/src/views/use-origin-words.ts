import { useText } from '@archwire/ui';
import { useRuleName } from './use-rule-name.ts';
import { messages } from './messages.ts';

/** How it is known what an image shows, in a sentence. */
export const useOriginWords = (): ((known: {
  readonly origin: 'codes' | 'class' | 'words' | 'rule' | 'person' | null;
  readonly ruleName: string | null;
}) => string) => {
  const text = useText(messages);
  const ruleWord = useRuleName();
  return ({ origin, ruleName }) =>
    text(`o_${origin ?? 'unknown'}`, { rule: ruleName === null ? '…' : ruleWord(ruleName) });
};
