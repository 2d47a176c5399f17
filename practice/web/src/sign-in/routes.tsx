import type { RouteObject } from 'react-router';

/** The doors: pages for people who are not signed in, or not completely. */
export const signInRoutes: RouteObject[] = [
  { path: '/sign-in', lazy: async () => ({ Component: (await import('./sign-in-page.tsx')).SignInPage }) },
  {
    path: '/sign-in/forgotten',
    lazy: async () => ({ Component: (await import('./forgotten-page.tsx')).ForgottenPage }),
  },
  { path: '/sign-in/link', lazy: async () => ({ Component: (await import('./link-page.tsx')).LinkPage }) },
];
