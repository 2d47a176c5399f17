// Real: the whole server as `npm start` runs it, its PostgreSQL, DCMTK's storescu, the jobs, Chromium, the built app under its security policy.
import { createApiClient } from '@archwire/contracts/api';
import { patientsApi } from '@archwire/contracts/api/patients';
import { waitFor } from '@archwire/test-data/processes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type App, openApp } from '../testing/open-app.ts';
import { sendStudy } from '../testing/send-study.ts';

let app: App;
let patientId = '';
let studyId = '';

beforeAll(async () => {
  app = await openApp();
  await sendStudy({ port: app.server.dimsePort }, { name: 'to take along', images: 3 });
  const { call } = createApiClient(async (address, init) => await app.server.fetch(address, init));
  await waitFor('the study and its pictures', async () => {
    const { patients } = await call(patientsApi.search, { body: { text: 'ruiz' } });
    patientId = patients[0]?.patientId ?? '';
    if (patientId === '') return false;
    const { studies } = await call(patientsApi.timeline, { params: { id: patientId }, query: {} });
    studyId = studies[0]?.studyId ?? '';
    return studies.length === 1 && studies.every((one) => one.thumbnails.every((t) => t.picture !== null));
  });
});
afterAll(async () => await app.close());

it('a study is taken along from its page, and its file waits in the list', async () => {
  const tab = await app.openPage();
  const { page } = tab;
  await tab.signIn(`/studies/${studyId}`);
  await page.getByRole('button', { name: 'Export…' }).click();
  await page.getByText('Nobody’s').click();
  await page.getByText('Include photographs of the face').waitFor();
  await tab.eachLook(async (theme, width) => {
    await tab.screenshot(`export-dialog-${width}-${theme}`);
    await tab.expectAxeClean();
  });
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await page.getByRole('button', { name: 'Show' }).click();
  await page.waitForURL('**/exports');
  const file = page.getByRole('link', { name: 'Download' });
  await file.waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), file.click()]);
  expect(download.suggestedFilename()).toMatch(/^archwire-dicom-\d{4}-\d{2}-\d{2}\.zip$/);
  expect(tab.complaints).toEqual([]);
  await tab.close();
});

it('a link shows the study to somebody without an account, until it is closed', async () => {
  const tab = await app.openPage();
  const { page } = tab;
  await tab.signIn(`/studies/${studyId}`);
  await page.getByRole('button', { name: 'Share…' }).click();
  await page.getByLabel('Passcode (optional)').fill('molar');
  await page.getByRole('button', { name: /May be taken along/ }).click();
  await page.getByRole('option', { name: 'Pictures (JPEG)' }).click();
  await tab.eachLook(async (theme, width) => {
    await tab.screenshot(`share-dialog-${width}-${theme}`);
    await tab.expectAxeClean();
  });
  await page.getByRole('button', { name: 'Make link' }).click();
  const address = (await page.locator('code').textContent()) ?? '';
  expect(address).toMatch(/^http:\/\/[^/]+\/shared#[\w.-]{100,}$/);
  await tab.screenshot('share-made-desk-light');
  await page.getByRole('button', { name: 'Done' }).click();

  const visitor = await app.openPage({ locale: 'fr-FR', viewport: { width: 390, height: 844 } });
  const asked: string[] = [];
  visitor.page.on('request', (request) => void asked.push(request.url()));
  const answer = await visitor.page.goto(address);
  expect(answer?.headers()['x-robots-tag']).toContain('noindex');
  await visitor.page.getByLabel('Code d’accès').fill('incisive');
  await visitor.page.getByRole('button', { name: 'Ouvrir' }).click();
  await visitor.page.getByText('Ce n’est pas le bon code').waitFor();
  await visitor.expectAxeClean();
  await visitor.screenshot('shared-passcode-phone-light');
  await visitor.page.getByLabel('Code d’accès').fill('molar');
  await visitor.page.getByRole('button', { name: 'Ouvrir' }).click();
  await visitor.page.getByRole('heading', { name: /^Images du/ }).waitFor();
  await visitor.page.waitForFunction(() =>
    [...document.querySelectorAll('main img')].every(
      (image) => image instanceof HTMLImageElement && image.complete && image.naturalWidth > 0,
    ),
  );
  await visitor.page.getByRole('link', { name: /^Emporter/ }).waitFor();
  await visitor.eachLook(async (theme, width) => {
    await visitor.screenshot(`shared-${width}-${theme}`);
    await visitor.expectAxeClean();
  });
  await visitor.page.locator('main li button').first().click();
  await visitor.page.getByRole('dialog').waitFor();
  await visitor.screenshot('shared-image-phone-light');
  expect(await visitor.page.content()).not.toMatch(/ruiz/i);
  // The secret is in no address that was asked for.
  const secret = address.split('.').at(-1) ?? '';
  expect(asked.some((url) => new URL(url).pathname.includes(secret) || new URL(url).search !== '')).toBe(
    false,
  );
  expect(visitor.complaints).toEqual([]);

  await page.goto('/exports');
  await page.getByText('opened once').waitFor();
  await tab.eachLook(async (theme, width) => {
    await tab.screenshot(`exports-${width}-${theme}`);
    await tab.expectAxeClean();
  });
  await page.getByRole('button', { name: 'Close link' }).click();
  await page.getByText('The link is closed.').waitFor();
  await visitor.page.reload();
  await visitor.page.getByText('La clinique l’a fermé').waitFor();
  await visitor.screenshot('shared-closed-phone-light');
  expect(tab.complaints).toEqual([]);
  await visitor.close();
  await tab.close();
});
