import type { RouteObject } from 'react-router';

/** Without the frame: there is nothing to go to yet. */
export const welcomeRoutes: RouteObject[] = [
  { path: '/welcome', lazy: async () => ({ Component: (await import('./welcome-page.tsx')).WelcomePage }) },
];
