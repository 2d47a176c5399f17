import type { RouteObject } from 'react-router';

/** The page of all components; a build for production leaves it out. */
export const kitRoutes: RouteObject[] = import.meta.env.DEV
  ? [{ path: '/kit', lazy: async () => ({ Component: (await import('./kit-page.tsx')).KitPage }) }]
  : [];
