import { redirect, type RouteObject } from 'react-router';

export const studiesRoutes: RouteObject[] = [
  { index: true, lazy: async () => ({ Component: (await import('./study-list-page.tsx')).StudyListPage }) },
  { path: 'studies', loader: ({ request }) => redirect(`/${new URL(request.url).search}`) },
];
