import { EmptyState, Link, useText } from '@archwire/ui';
import { SearchX } from 'lucide-react';
import { messages } from './messages.ts';

/** For addresses that no page has. */
export const NotFound = () => {
  const text = useText(messages);
  return (
    <EmptyState
      icon={SearchX}
      title={text('notFound')}
      isHeading
      action={
        <Link href="/" look="plain">
          {text('home')}
        </Link>
      }
    >
      {text('notFoundHint')}
    </EmptyState>
  );
};
