import type { RouteObject } from 'react-router';

export const worklistRoutes: RouteObject[] = [
  {
    path: '/worklist',
    lazy: async () => ({ Component: (await import('./worklist-page.tsx')).WorklistPage }),
  },
];
