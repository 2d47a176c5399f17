import type { RouteObject } from 'react-router';

export const viewsRoutes: RouteObject[] = [
  {
    path: '/devices/rules',
    lazy: async () => ({ Component: (await import('./view-rules-page.tsx')).ViewRulesPage }),
  },
];
