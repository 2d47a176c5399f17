import { LiveUpdates } from '../live/live-updates.tsx';
import { Frame } from './frame.tsx';
import { SignedIn } from './signed-in.tsx';

/** The frame around every page of somebody who is signed in. */
export const Shell = () => (
  <SignedIn>
    <LiveUpdates />
    <Frame />
  </SignedIn>
);
