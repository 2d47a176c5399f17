// Real: the whole server as `npm start` runs it, its PostgreSQL, DIMSE, Chromium, TOTP, the built app under its security policy.
import { ADMINISTRATOR } from '@archwire/test-data/processes';
import { TOTP } from 'otpauth';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type App, type AppPage, openApp } from '../testing/open-app.ts';

const OWN = 'three unrelated words';
let app: App;
let tab: AppPage;
beforeAll(async () => {
  app = await openApp();
});
afterAll(async () => await app.close());
beforeEach(async () => {
  tab = await app.openPage();
});
afterEach(async () => {
  expect(tab.complaints).toEqual([]);
  await tab.close();
});

const look = async (name: string) =>
  await tab.eachLook(async (theme, width) => {
    await tab.screenshot(`${name}-${width}-${theme}`);
    await tab.expectAxeClean();
  });

it('sets up the first run: group, location, device, and an image that travels over DIMSE and is seen', async () => {
  const { page } = tab;
  await tab.signIn('/welcome');
  await page.getByLabel('Name of the group').fill('Northside Ortho');
  await look('welcome-group');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.locator('input[name=location-name]').fill('Lyon Part-Dieu');
  await look('welcome-locations');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.locator('input[name=device-name]').fill('Pano');
  await page.locator('input[name=device-ae]').fill('PANO1');
  await page.getByRole('button', { name: 'Register it' }).click();
  await page.getByText('PANO1', { exact: true }).waitFor();
  await look('welcome-device');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Send the test image' }).click();
  await page.getByRole('heading', { name: 'Your group can work' }).waitFor({ timeout: 60_000 });
  expect(
    await page.evaluate<number>(`document.querySelector('img[alt^="The test image"]').naturalWidth`),
  ).toBeGreaterThan(100);
  await look('welcome-test-image');
  const found = await app.server.fetch('/dicomweb/studies?PatientID=ARCHWIRE-TEST&includefield=00100010', {
    headers: { accept: 'application/dicom+json' },
  });
  expect(await found.json()).toHaveLength(1);

  await page.getByRole('button', { name: 'Remove the test image' }).click();
  await page.getByText('The test image is rejected').waitFor();
  const gone = await app.server.fetch('/dicomweb/studies?PatientID=ARCHWIRE-TEST', {
    headers: { accept: 'application/dicom+json' },
  });
  expect([200, 204]).toContain(gone.status);
  expect(gone.status === 204 ? [] : await gone.json()).toEqual([]);
  await page.getByRole('button', { name: 'Leave the set-up' }).click();
  await page.getByText('Northside Ortho').first().waitFor();
});

it('invites somebody with a one-time password, who chooses their own and sees only their own settings', async () => {
  const { page } = tab;
  await tab.signIn('/settings/users');
  await page.getByRole('button', { name: 'Invite somebody' }).click();
  await page.locator('input[name=displayName]').fill('Zoë Martin');
  await page.locator('input[name=invite-email]').fill('zoe@example.org');
  await page.getByRole('dialog').getByRole('button', { name: 'Invite' }).click();
  await page.getByText('One-time password').waitFor();
  await look('settings-one-time');
  const oneTime = (await page.getByRole('dialog').locator('code').textContent()) ?? '';
  expect(oneTime).toMatch(/^[a-z2-9]{4}(?:-[a-z2-9]{4}){3}$/);
  await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click();
  await page.getByText('zoe@example.org').waitFor();
  await look('settings-users');

  const other = await app.openPage();
  await other.page.goto('/sign-in?return=/settings/profile');
  await other.page.locator('input[name=email]').fill('zoe@example.org');
  await other.page.locator('input[name=password]').fill(oneTime);
  await other.page.locator('[type=submit]').click();
  await other.page.locator('input[name=next]').fill(OWN);
  await other.page.locator('input[name=repeat]').fill(OWN);
  await other.page.locator('[type=submit]').click();
  await other.page.waitForURL('**/settings/profile');
  await other.page.getByLabel('Name, as others see it').waitFor();
  expect(await other.page.getByRole('link', { name: 'Users' }).count()).toBe(0);

  // An administrator ends the session: the open page notices by itself and says why.
  await page.getByRole('button', { name: 'More for Zoë Martin' }).click();
  await page.getByRole('menuitem', { name: 'Sign out everywhere' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Sign out everywhere' }).click();
  await other.page.getByText('An administrator ended your session.').waitFor();
  expect(new URL(other.page.url()).pathname + new URL(other.page.url()).search).toBe(
    '/sign-in?return=%2Fsettings%2Fprofile',
  );
  await other.page.locator('input[name=email]').fill('zoe@example.org');
  await other.page.locator('input[name=password]').fill(OWN);
  await other.page.locator('[type=submit]').click();
  await other.page.waitForURL('**/settings/profile');
  expect(other.complaints).toEqual([]);
  await other.close();
});

it('does not let the last administrator go', async () => {
  const { page } = tab;
  await tab.signIn('/settings/users');
  await page.getByRole('button', { name: 'More for Administrator' }).click();
  await page.getByRole('menuitem', { name: 'Deactivate' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Deactivate' }).click();
  await page.getByText('This is the last active administrator.').waitFor();
});

it('sets up a second factor, signs in by a recovery code, and refuses it the second time', async () => {
  const { page } = tab;
  await tab.signIn('/settings/profile');
  await look('settings-profile');
  await page.getByRole('button', { name: 'Set up an authenticator app' }).click();
  const secret = (await page.getByTestId('totp-secret').textContent())?.replaceAll(' ', '') ?? '';
  await look('settings-authenticator');
  await page.locator('input[name=code]').fill(new TOTP({ secret }).generate());
  await page.getByRole('button', { name: 'Confirm' }).click();
  const list = page.getByRole('list', { name: 'Recovery codes' });
  await list.waitFor();
  const codes = await list.getByRole('listitem').allTextContents();
  expect(codes).toHaveLength(10);
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await page.getByText('10 recovery codes left').waitFor();

  for (const [use, expected] of [
    ['first', true],
    ['second', false],
  ] as const) {
    const other = await app.openPage();
    await other.page.goto('/sign-in?return=/settings/sessions');
    await other.page.locator('input[name=email]').fill(ADMINISTRATOR.email);
    await other.page.locator('input[name=password]').fill(ADMINISTRATOR.password);
    await other.page.locator('[type=submit]').click();
    await other.page.getByRole('button', { name: 'Use a recovery code instead' }).click();
    await other.page.locator('input[name=recovery]').fill(codes[0] ?? '');
    await other.page.locator('[type=submit]').click();
    if (expected) await other.page.waitForURL('**/settings/sessions');
    else {
      await other.page.getByRole('alert').waitFor();
      expect([use, await other.page.getByRole('alert').textContent()]).toEqual([
        'second',
        'This recovery code is wrong or was used already. Take another one of your list.',
      ]);
    }
    // A browser that was never here: an answer on its way would bring back cookies that were cleared.
    await other.close();
  }
  await page.reload();
  await page.getByText('9 recovery codes left').waitFor();
  await page.goto('/settings/sessions');
  await page.getByText('This one').waitFor();
  expect(await page.getByText('Chrome on Linux').count()).toBeGreaterThan(1);
  await look('settings-sessions');
  await app.server.fetch('/api/v1/users').then(async (answer) => {
    const { users } = (await answer.json()) as { users: { id: string; email: string }[] };
    const id = users.find(({ email }) => email === ADMINISTRATOR.email)?.id;
    await app.server.fetch(`/api/v1/users/${id}/reset-totp`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
  });
});

it('shows roles, keys and places', async () => {
  const { page } = tab;
  await tab.signIn('/settings/roles');
  await page.getByText('See images and patients’ timelines').waitFor();
  await look('settings-roles');
  await page.goto('/settings/api-keys');
  await page.getByRole('button', { name: 'New key' }).click();
  await page.locator('input[name=key-name]').fill('Upload station');
  await page.getByRole('dialog').getByRole('button', { name: 'New key' }).click();
  await page.getByText('Your new key').waitFor();
  expect(
    await page.getByRole('alertdialog').or(page.getByRole('dialog')).locator('code').textContent(),
  ).toMatch(/^awk_[a-z2-9]{12}_[\w-]{43}$/);
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByText('Upload station', { exact: true }).waitFor();
  await look('settings-api-keys');
  await page.goto('/settings/group');
  await page.getByText('Lyon Part-Dieu').last().waitFor();
  await look('settings-group');
});

it('shows who did what, and that the chain is whole', async () => {
  const { page } = tab;
  await tab.signIn('/audit');
  await page.getByText('sent a test image').first().waitFor();
  await page.getByRole('button', { name: 'Verify the chain' }).click();
  await page.getByText('The chain is whole').waitFor();
  await look('audit');
  await page.getByText('sent a test image').first().click();
  await page.getByText('setup.test-image.send').waitFor();
  await look('audit-details');
  await page.keyboard.press('Escape');
  await page.goto('/audit?outcome=failure');
  await page.getByText('could not sign in').first().waitFor();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as CSV' }).click();
  expect((await download).suggestedFilename()).toBe('audit.csv');
});
