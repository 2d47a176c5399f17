import { Navigate, type RouteObject } from 'react-router';

/** `/settings/…`: one's own account for everybody, the group for those who may. */
export const settingsRoutes: RouteObject[] = [
  {
    path: '/settings',
    lazy: async () => ({ Component: (await import('./settings-frame.tsx')).SettingsFrame }),
    children: [
      { index: true, element: <Navigate to="/settings/profile" replace /> },
      {
        path: 'profile',
        lazy: async () => ({ Component: (await import('./profile-page.tsx')).ProfilePage }),
      },
      {
        path: 'sessions',
        lazy: async () => ({ Component: (await import('./sessions-page.tsx')).SessionsPage }),
      },
      { path: 'users', lazy: async () => ({ Component: (await import('./users-page.tsx')).UsersPage }) },
      { path: 'roles', lazy: async () => ({ Component: (await import('./roles-page.tsx')).RolesPage }) },
      {
        path: 'api-keys',
        lazy: async () => ({ Component: (await import('./api-keys-page.tsx')).ApiKeysPage }),
      },
      { path: 'group', lazy: async () => ({ Component: (await import('./group-page.tsx')).GroupPage }) },
    ],
  },
];
