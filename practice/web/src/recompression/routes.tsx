import type { RouteObject } from 'react-router';

export const recompressionRoutes: RouteObject[] = [
  {
    path: 'operations/storage',
    lazy: async () => ({ Component: (await import('./recompression-page.tsx')).RecompressionPage }),
  },
];
