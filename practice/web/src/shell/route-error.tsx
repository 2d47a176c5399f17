import { Button, EmptyState, useText } from '@archwire/ui';
import { TriangleAlert } from 'lucide-react';
import { isRouteErrorResponse, useRouteError } from 'react-router';
import { messages } from './messages.ts';
import { NotFound } from './not-found.tsx';

/** What stands in place of a page that could not be drawn; the frame around it stays. */
export const RouteError = () => {
  const text = useText(messages);
  const error = useRouteError();
  if (isRouteErrorResponse(error) && error.status === 404) return <NotFound />;
  return (
    <EmptyState
      icon={TriangleAlert}
      title={text('broken')}
      isHeading
      action={
        <Button tone="primary" onPress={() => location.reload()}>
          {text('reload')}
        </Button>
      }
    >
      {text('brokenHint')}
    </EmptyState>
  );
};
