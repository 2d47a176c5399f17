import { LanguageProvider } from '@archwire/ui';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from 'react-router/dom';
import { languageChoice } from '../i18n/language.ts';
import { queryClient } from '../api/query-client.ts';
import { router } from '../routes.tsx';
import './theme.ts';

/** The whole app with everything it stands on. */
export const App = () => (
  <LanguageProvider language={languageChoice.use()}>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </LanguageProvider>
);
