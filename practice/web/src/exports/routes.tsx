import type { RouteObject } from 'react-router';

export const exportsRoutes: RouteObject[] = [
  { path: '/exports', lazy: async () => ({ Component: (await import('./exports-page.tsx')).ExportsPage }) },
];

/** For whoever has a link: no frame, no account. */
export const sharedRoutes: RouteObject[] = [
  {
    path: '/shared',
    lazy: async () => ({ Component: (await import('./shared/shared-page.tsx')).SharedPage }),
  },
];
