// OHIF's notification service and the session are stand-ins.
import { describe, expect, it } from 'vitest';
import { textsFor } from './texts.ts';
import { createErrorHandler } from './error-handler.ts';

function rig(renewed: boolean) {
  const said: string[] = [];
  const seen = { refused: 0, reloads: 0 };
  let time = 0;
  const handle = createErrorHandler({
    texts: textsFor('en'),
    notify: ({ message }) => said.push(message),
    session: {
      start: () => Promise.resolve(),
      authorization: () => ({}),
      refused: () => {
        seen.refused += 1;
        return Promise.resolve(renewed);
      },
    },
    reload: () => {
      seen.reloads += 1;
    },
    now: () => time,
  });
  const wait = (milliseconds: number) => {
    time += milliseconds;
  };
  return { handle, said, seen, wait };
}

const NOT_FOUND = 'The image was not found in the archive. It may have been removed.';
const ENDED = 'Your session has ended. Sign in again to see this image.';

describe('createErrorHandler', () => {
  it('says one sentence once for many slices, and again later', () => {
    const { handle, said, wait } = rig(true);
    for (let slice = 0; slice < 50; slice += 1) handle({ status: 404 });
    expect(said).toEqual([NOT_FOUND]);
    wait(10_000);
    handle({ status: 404 });
    expect(said).toEqual([NOT_FOUND, NOT_FOUND]);
  });

  it('does not add the second, reasonless report of the same failure', () => {
    const { handle, said } = rig(true);
    handle({ status: 404 });
    handle(undefined);
    expect(said).toEqual([NOT_FOUND]);
  });

  it('renews once and opens the page again when requests are refused', async () => {
    const { handle, said, seen } = rig(true);
    handle({ status: 401 });
    handle({ status: 401 });
    await new Promise((resolve) => setImmediate(resolve));
    expect(said).toEqual([ENDED]);
    expect(seen).toEqual({ refused: 1, reloads: 1 });
  });

  it('leaves it to the session when it cannot be renewed', async () => {
    const { handle, seen } = rig(false);
    handle({ status: 401 });
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen).toEqual({ refused: 1, reloads: 0 });
  });
});
