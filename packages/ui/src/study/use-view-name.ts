import type { ImageView } from '@archwire/contracts/image-view';
import { useText } from '../i18n/use-text.ts';
import { messages } from './messages.ts';

/** What an image shows in the person's language, with its teeth: "Periapical 17, 16, 15". */
export const useViewName = (): ((image: {
  readonly view: ImageView;
  readonly teeth?: readonly string[];
}) => string) => {
  const text = useText(messages);
  return ({ view, teeth = [] }) => [text(view), teeth.join(', ')].filter((part) => part !== '').join(' ');
};
