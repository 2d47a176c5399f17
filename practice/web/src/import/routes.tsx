import type { RouteObject } from 'react-router';

export const importRoutes: RouteObject[] = [
  { path: '/import', lazy: async () => ({ Component: (await import('./import-page.tsx')).ImportPage }) },
  {
    path: '/import/:id',
    lazy: async () => ({ Component: (await import('./import-report-page.tsx')).ImportReportPage }),
  },
];
