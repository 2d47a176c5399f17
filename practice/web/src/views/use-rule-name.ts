import { useText } from '@archwire/ui';
import { messages } from './messages.ts';

const SHIPPED = ['shipped1', 'shipped2', 'shipped3', 'shipped4'] as const;

/** What a rule is called: a shipped one in the person's language, any other as somebody called it. */
export const useRuleName = (): ((name: string) => string) => {
  const text = useText(messages);
  return (name) => {
    const key = SHIPPED.find((each) => messages.en[each] === name);
    return key === undefined ? name : text(key);
  };
};
