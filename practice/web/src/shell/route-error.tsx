import { Button, useText } from '@archwire/ui';
import { isRouteErrorResponse, useRouteError } from 'react-router';
import { messages } from './messages.ts';

/** What stands in place of a page that could not be drawn. */
export const RouteError = () => {
  const text = useText(messages);
  const error = useRouteError();
  const missing = isRouteErrorResponse(error) && error.status === 404;
  return (
    <main>
      <h1>{text(missing ? 'notFound' : 'broken')}</h1>
      <p>{text(missing ? 'notFoundHint' : 'brokenHint')}</p>
      {missing ? (
        <a href="/">{text('home')}</a>
      ) : (
        <Button onPress={() => location.reload()}>{text('reload')}</Button>
      )}
    </main>
  );
};
