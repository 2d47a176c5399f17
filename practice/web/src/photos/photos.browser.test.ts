// Real: the whole server as `npm start` runs it, its PostgreSQL, the derive jobs, Chromium, files on the disk that are really dropped.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createApiClient } from '@archwire/contracts/api';
import { patientsApi } from '@archwire/contracts/api/patients';
import { panoramic, photos, treatmentHistory } from '@archwire/test-data';
import { temporaryFolder, waitFor } from '@archwire/test-data/processes';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type App, type AppPage, openApp } from '../testing/open-app.ts';
import { storeObjects } from '../testing/store-objects.ts';

const visits = treatmentHistory(4, 1);
const NAMES = [
  'profile',
  'face rest',
  'face smile',
  'upper',
  'lower',
  'buccal right',
  'anterior',
  'buccal left',
];

let app: App;
let tab: AppPage;
let folder: string;
let patientId: string;
const api = () => createApiClient(async (address, init) => await app.server.fetch(address, init));
const timeline = async () => await api().call(patientsApi.timeline, { params: { id: patientId }, query: {} });
const file = (name: string): string => path.join(folder, name);

beforeAll(async () => {
  app = await openApp();
  folder = await temporaryFolder();
  await mkdir(folder, { recursive: true });
  const [visit] = visits;
  if (visit === undefined) throw new Error('There is no visit.');
  const names = NAMES.values();
  for await (const object of photos(visit, { rows: 300, columns: 450 }))
    // The code stream that lies in the object is a photograph as a camera makes it.
    await writeFile(
      file(`${names.next().value ?? ''}.jpg`),
      object.subarray(
        object.indexOf(Buffer.from('ffd8ff', 'hex')),
        object.lastIndexOf(Buffer.from('ffd9', 'hex')) + 2,
      ),
    );
  await writeFile(file('letter.pdf'), '%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n');
  await writeFile(file('broken.jpg'), Buffer.from('ffd8ffe000104a464946', 'hex'));
  await storeObjects(app.server, [await panoramic(visit, { rows: 300, columns: 580 })]);
  await waitFor('the patient', async () => {
    const { patients } = await api().call(patientsApi.search, { body: {} });
    patientId = patients[0]?.patientId ?? '';
    return patientId !== '';
  });
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  tab = await app.openPage();
});
afterEach(async () => {
  expect(tab.complaints).toEqual([]);
  await tab.close();
});

/** What the operating system does when a person drags from a folder window. */
const drop = async (page: Page, names: readonly string[]): Promise<void> => {
  const browser = await page.context().newCDPSession(page);
  const data = { items: [], files: names.map(file), dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await browser.send('Input.dispatchDragEvent', { type, x: 700, y: 700, data });
};

it('adds a whole set that is dropped on the patient’s page, each photo in its place, and says of each what became of it', async () => {
  const { page } = tab;
  await tab.signIn(`/patients/${patientId}`);
  await page.getByRole('link', { name: 'Add photos' }).waitFor();
  await drop(page, [...NAMES.map((name) => `${name}.jpg`), 'letter.pdf', 'broken.jpg']);
  await page.getByRole('button', { name: 'Upper occlusal: upper.jpg' }).waitFor();
  for (const [slot, name] of [
    ['Right profile', 'profile'],
    ['Face', 'face rest'],
    ['Smiling face', 'face smile'],
    ['Lower occlusal', 'lower'],
    ['Right buccal', 'buccal right'],
    ['Frontal', 'anterior'],
    ['Left buccal', 'buccal left'],
  ])
    await page.getByRole('button', { name: `${slot}: ${name}.jpg`, exact: true }).waitFor();
  await page.getByRole('button', { name: 'Upper occlusal: upper.jpg' }).click();
  await page.getByRole('button', { name: 'Turn right' }).click();
  await page.getByRole('button', { name: 'Lower right corner' }).focus();
  for (let at = 0; at < 10; at += 1) await page.keyboard.press('ArrowLeft');
  await tab.eachLook(async (theme, width) => {
    await tab.screenshot(`add-photos-${width}-${theme}`);
    await tab.expectAxeClean();
  });
  await page.getByRole('button', { name: /Stage of treatment/ }).click();
  await page.getByRole('option', { name: 'Initial' }).click();
  await page.getByRole('button', { name: 'Add 10 files' }).click();
  await page.getByText('9 files were added, 1 was not. It says why.').waitFor({ timeout: 60_000 });
  await page.getByText('The photo is damaged or not whole').waitFor();
  await tab.screenshot('add-photos-done');
  await tab.expectAxeClean();
  const { studies } = await timeline();
  const added = studies.find(({ description }) => description === 'Initial');
  expect(added).toMatchObject({ instanceCount: 9, modalities: ['XC', 'DOC'] });
  const read = () => api().call(patientsApi.study, { params: { id: added?.studyId ?? '' } });
  expect((await read()).patient?.patientId).toBe(patientId);
  // What an image shows is known for certain once its picture is made.
  const views = async () =>
    (await read()).series.flatMap(({ images }) => images.map(({ view }) => view)).toSorted();
  await expect
    .poll(views, { timeout: 60_000 })
    .toEqual([
      'document',
      'face-front',
      'face-front-smile',
      'face-right',
      'intraoral-front',
      'intraoral-left',
      'intraoral-right',
      'occlusal-lower',
      'occlusal-upper',
    ]);
  // Its pictures are made turned and cut; the object keeps the photograph as it was taken.
  await waitFor('the adjusted picture', async () => {
    const { series } = await read();
    const upper = series.flatMap(({ images }) => images).find(({ view }) => view === 'occlusal-upper');
    return upper?.columns === 450 && upper.picture?.width === 270 && upper.picture.height === 450;
  });
});

it('is done with the keyboard alone', async () => {
  const { page } = tab;
  await tab.signIn(`/patients/${patientId}/photos`);
  const empty = page.getByRole('button', { name: 'Frontal: empty. Choose a photo' });
  // A new page takes the focus once it is drawn.
  await page.getByRole('button', { name: /Add to/ }).waitFor();
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), empty.press('Enter')]);
  await chooser.setFiles(file('face rest.jpg'));
  // A person knows better than the name of a file.
  const full = page.getByRole('button', { name: 'Frontal: face rest.jpg', exact: true });
  await full.waitFor();
  await full.focus();
  await page.keyboard.press('Delete');
  await empty.waitFor();
});
