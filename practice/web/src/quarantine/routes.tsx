import type { RouteObject } from 'react-router';

export const quarantineRoutes: RouteObject[] = [
  {
    path: '/quarantine/:tab?',
    lazy: async () => ({ Component: (await import('./quarantine-page.tsx')).QuarantinePage }),
  },
];
