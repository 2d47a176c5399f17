import type { RouteObject } from 'react-router';

export const developerRoutes: RouteObject[] = [
  {
    path: 'developer',
    lazy: async () => ({ Component: (await import('./developer-page.tsx')).DeveloperPage }),
  },
];
