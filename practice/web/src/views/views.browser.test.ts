// Real: the whole server as `npm start` runs it, its PostgreSQL, STOW-RS, the jobs, Chromium, the built app under its policy.
import { createApiClient } from '@archwire/contracts/api';
import { patientsApi } from '@archwire/contracts/api/patients';
import { studiesApi } from '@archwire/contracts/api/studies';
import { writeObject } from '@archwire/test-data';
import { waitFor } from '@archwire/test-data/processes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type App, type AppPage, openApp } from '../testing/open-app.ts';
import { storeObjects } from '../testing/store-objects.ts';

let app: App;
let tab: AppPage;

const api = () => createApiClient(async (address, init) => await app.server.fetch(address, init));

/** A radiograph of a device that does not say what it shows; a study and a patient for each. */
const vague = (at: number) => {
  const [rows, columns] = [60, 120];
  return writeObject(
    {
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.1.1',
      SOPInstanceUID: `2.25.88${at}1`,
      StudyInstanceUID: `2.25.88${at}2`,
      SeriesInstanceUID: `2.25.88${at}3`,
      Modality: 'DX',
      Manufacturer: 'Sensor GmbH',
      ManufacturerModelName: 'Ortho X1',
      SeriesDescription: 'Program 5',
      PatientID: `V-${at}`,
      PatientName: `Vague^Number ${at}`,
      StudyDate: '20261120',
      StudyDescription: 'Records',
      SamplesPerPixel: 1,
      PhotometricInterpretation: 'MONOCHROME2',
      Rows: rows,
      Columns: columns,
      BitsAllocated: 8,
      BitsStored: 8,
      HighBit: 7,
      PixelRepresentation: 0,
    },
    [Uint8Array.from({ length: rows * columns }, (_, pixel) => (pixel % columns) * 2)],
  );
};

const studyOf = async (at: number) => {
  const { studies } = await api().call(studiesApi.search, { body: { text: `V-${at}` } });
  return studies[0]?.studyId ?? '';
};
const imageOf = async (at: number) => {
  const { series } = await api().call(patientsApi.study, { params: { id: await studyOf(at) } });
  return series[0]?.images[0];
};

beforeAll(async () => {
  app = await openApp();
  await storeObjects(app.server, [vague(1), vague(2), vague(3)]);
  await waitFor('the pictures', async () => {
    const images = [await imageOf(1), await imageOf(2), await imageOf(3)];
    return images.every((image) => image?.picture != null && image.origin !== null);
  });
  tab = await app.openPage();
  await tab.signIn('/');
});
afterAll(async () => await app.close());

it('a person corrects what an image shows, takes it back, and makes a rule of it for earlier images', async () => {
  const { page } = tab;
  await page.goto(`/studies/${await studyOf(1)}?image=${(await imageOf(1))?.instanceId ?? ''}`);
  const viewer = page.getByRole('dialog');
  await viewer.getByText('By modality alone').first().waitFor();
  await viewer.getByRole('button', { name: 'What it shows' }).click();
  const beside = viewer.getByRole('region', { name: 'What it shows' });
  const shows = beside.getByRole('combobox', { name: 'Shows' });
  await shows.fill('Panor');
  await page.getByRole('option', { name: 'Panoramic' }).click();
  await beside.getByRole('button', { name: 'Save correction' }).click();
  await viewer.getByText('A person said so').first().waitFor();
  expect((await imageOf(1))?.view).toBe('panoramic');

  await page.getByRole('button', { name: 'Undo' }).click();
  await viewer.getByText('By modality alone').first().waitFor();
  expect((await imageOf(1))?.view).toBe('radiograph');

  await shows.fill('Periap');
  await page.getByRole('option', { name: 'Periapical' }).click();
  const upperRight = beside.getByRole('toolbar', { name: 'Upper right' });
  await upperRight.getByRole('button', { name: '16' }).focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Space');
  await beside.getByText('16, 17').waitFor();
  await tab.eachLook(async (theme, width) => {
    await tab.screenshot(`correct-image-${width}-${theme}`);
    await tab.expectAxeClean();
  });
  await shows.fill('Panor');
  await page.getByRole('option', { name: 'Panoramic' }).click();
  await beside.getByRole('button', { name: 'Save correction' }).click();
  await beside.getByRole('button', { name: 'Do the same for images like this' }).click();
  await beside.getByText('Tried on the last 3 images: 3 fit, 2 would change. Nothing is written.').waitFor();
  await tab.eachLook(async (theme, width) => {
    await tab.screenshot(`learn-rule-${width}-${theme}`);
    await tab.expectAxeClean();
  });
  await beside.getByRole('button', { name: 'Make the rule' }).click();
  await waitFor('the rule on earlier images', async () => (await imageOf(3))?.view === 'panoramic');
  const { origin, ruleName } = (await imageOf(2)) ?? {};
  expect([origin, ruleName]).toEqual(['rule', 'Sensor GmbH Ortho X1: Program 5']);

  await storeObjects(app.server, [vague(4)]);
  await waitFor('the next image by the rule', async () => (await imageOf(4))?.view === 'panoramic');
  expect(tab.complaints).toEqual([]);
});

it('the rules stand in a list, can be tried before they are saved, ordered and switched off', async () => {
  const { page } = tab;
  await page.goto('/devices');
  await page.getByRole('link', { name: 'What devices send' }).click();
  await page.getByText('3 images looked at, 2 changed').waitFor();
  await page.getByRole('button', { name: 'Add a rule' }).click();
  const editor = page.getByRole('dialog');
  await editor.getByRole('button', { name: 'Try it' }).click();
  await editor.getByText('Give the rule a name.').waitFor();
  await editor.getByRole('textbox', { name: /^Name/ }).fill('Program 5 is a cephalogram');
  await editor.getByLabel('Manufacturer').fill('sensor*');
  await editor.getByRole('combobox', { name: 'Shows' }).fill('Lateral');
  await page.getByRole('option', { name: 'Lateral ceph' }).click();
  await editor.getByRole('button', { name: 'Try it' }).click();
  await editor.getByText('Tried on the last 4 images: 4 fit, 3 would change.', { exact: false }).waitFor();
  await tab.eachLook(async (theme, width) => {
    await tab.screenshot(`rule-editor-${width}-${theme}`);
    await tab.expectAxeClean();
  });
  await editor.getByRole('button', { name: 'Save' }).click();
  await editor.waitFor({ state: 'detached' });
  const names = async () => await page.locator('#content li h2').allTextContents();
  await expect.poll(names).toHaveLength(6);
  expect((await names()).slice(0, 2)).toEqual([
    'Program 5 is a cephalogram',
    'Sensor GmbH Ortho X1: Program 5',
  ]);
  await page.getByRole('button', { name: 'Ask “Program 5 is a cephalogram” later' }).click();
  await expect.poll(async () => (await names())[0]).toBe('Sensor GmbH Ortho X1: Program 5');
  await page.getByRole('switch', { name: 'In use: Program 5 is a cephalogram' }).press('Space');
  await page.getByText('Off', { exact: true }).waitFor();
  await tab.eachLook(async (theme, width) => {
    await tab.screenshot(`view-rules-${width}-${theme}`);
    await tab.expectAxeClean();
  });
  expect(tab.complaints).toEqual([]);
});

it.each(['fr-FR', 'es-ES'])('the rules in %s', async (locale) => {
  const other = await app.openPage({ locale, viewport: { width: 390, height: 844 } });
  await other.signIn('/devices/rules');
  await other.page.locator('#content li h2').first().waitFor();
  await other.screenshot(`view-rules-${locale}`);
  await other.expectAxeClean();
  await other.close();
});
