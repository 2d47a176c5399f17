import { RouteError } from './route-error.tsx';

/** What stands in place of a page that has no frame, or of the frame itself. */
export const DoorError = () => (
  <main>
    <RouteError />
  </main>
);
