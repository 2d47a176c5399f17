import { useText } from '@archwire/ui';
import { messages } from './messages.ts';

/** The studies of the group. */
export const StudyListPage = () => {
  const text = useText(messages);
  return (
    <>
      <h1>{text('title')}</h1>
      <p>
        <a href="/viewer/">{text('viewer')}</a>
      </p>
    </>
  );
};
