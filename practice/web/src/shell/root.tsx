import { CommandPalette, ShortcutsHelp, ToastRegion } from '@archwire/ui';
import { RouterProvider } from 'react-aria-components';
import { Outlet, useHref, useNavigate } from 'react-router';
import { NewVersion } from './new-version.tsx';
import { OfflineBanner } from './offline-banner.tsx';

const useAddress = (to: string): string => {
  const href = useHref(to);
  // The viewer is no page of this app: its address is taken as it is.
  return to.startsWith('/viewer/') ? to : href;
};

/** What is there on every page: links that need no reload, toasts, the palette, the state of the connection. */
export const Root = () => {
  const navigate = useNavigate();
  const go = (to: string): void => {
    if (to.startsWith('/viewer/')) location.assign(to);
    else void navigate(to);
  };
  return (
    <RouterProvider navigate={go} useHref={useAddress}>
      <OfflineBanner />
      <NewVersion />
      <Outlet />
      <CommandPalette />
      <ShortcutsHelp />
      <ToastRegion />
    </RouterProvider>
  );
};
