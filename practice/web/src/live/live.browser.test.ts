// Real: the server, its streams, Chromium with several tabs.
import { waitFor } from '@archwire/test-data/processes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type App, openApp } from '../testing/open-app.ts';

let app: App;
beforeAll(async () => {
  app = await openApp();
});
afterAll(async () => await app.close());

const streams = async (): Promise<number> => await app.server.metric('archwire_live_clients');

it('serves all tabs of a browser by one stream, which the next tab takes over, and which ends with the session', async () => {
  const opened = await app.openPage();
  const { page, complaints } = opened;
  await opened.signIn('/operations');
  await page.getByText('Live', { exact: true }).waitFor();
  const second = await page.context().newPage();
  await second.goto('/operations');
  await second.getByText('Live', { exact: true }).waitFor();
  expect(await streams()).toBe(1);
  await page.close();
  await waitFor('the other tab has the stream', async () => (await streams()) === 1);
  await second.getByText('Live', { exact: true }).waitFor();
  // An administrator ends the session: the page goes to sign-in by itself.
  await app.server.fetch('/api/v1/auth/sign-out-everywhere', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  await second.waitForURL((url) => url.pathname === '/sign-in');
  await waitFor('nobody listens', async () => (await streams()) === 0);
  expect(complaints).toEqual([]);
  await opened.close();
});
