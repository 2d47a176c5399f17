import { createBrowserRouter, type RouteObject } from 'react-router';
import { exportsRoutes, sharedRoutes } from './exports/routes.tsx';
import { importRoutes } from './import/routes.tsx';
import { kitRoutes } from './kit/routes.tsx';
import { developerRoutes } from './developer/routes.tsx';
import { DoorError } from './shell/door-error.tsx';
import { NotFound } from './shell/not-found.tsx';
import { operationsRoutes } from './operations/routes.tsx';
import { auditRoutes } from './audit/routes.tsx';
import { settingsRoutes } from './settings/routes.tsx';
import { devicesRoutes } from './devices/routes.tsx';
import { worklistRoutes } from './worklist/routes.tsx';
import { recompressionRoutes } from './recompression/routes.tsx';
import { quarantineRoutes } from './quarantine/routes.tsx';
import { Root } from './shell/root.tsx';
import { patientsRoutes } from './patients/routes.tsx';
import { RouteError } from './shell/route-error.tsx';
import { Shell } from './shell/shell.tsx';
import { signInRoutes } from './sign-in/routes.tsx';
import { studiesRoutes } from './studies/routes.tsx';
import { viewsRoutes } from './views/routes.tsx';
import { welcomeRoutes } from './welcome/routes.tsx';

/** Pages inside the frame: for people who are signed in. Each slice brings its own, loaded when first visited. */
const pages: RouteObject[] = [
  ...studiesRoutes,
  ...patientsRoutes,
  ...worklistRoutes,
  ...importRoutes,
  ...exportsRoutes,
  ...quarantineRoutes,
  ...devicesRoutes,
  ...viewsRoutes,
  ...operationsRoutes,
  ...recompressionRoutes,
  ...developerRoutes,
  ...auditRoutes,
  ...settingsRoutes,
];

/** Pages without the frame. */
const doors: RouteObject[] = [...sharedRoutes, ...signInRoutes, ...welcomeRoutes, ...kitRoutes];

export const router = createBrowserRouter([
  {
    Component: Root,
    ErrorBoundary: DoorError,
    children: [
      ...doors,
      {
        Component: Shell,
        children: [{ ErrorBoundary: RouteError, children: [...pages, { path: '*', Component: NotFound }] }],
      },
    ],
  },
]);
