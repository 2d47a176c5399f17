// Real: the whole server as `npm start` runs it, its PostgreSQL, DCMTK's storescu, STOW-RS, the derive jobs, Chromium, the built app.
import { createApiClient } from '@archwire/contracts/api';
import { imagingApi } from '@archwire/contracts/api/imaging';
import { patientsApi } from '@archwire/contracts/api/patients';
import { writeObject } from '@archwire/test-data';
import { waitFor } from '@archwire/test-data/processes';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type App, type AppPage, openApp } from '../testing/open-app.ts';
import { sendStudy } from '../testing/send-study.ts';
import { storeObjects } from '../testing/store-objects.ts';

let app: App;
let tab: AppPage;

const api = () => createApiClient(async (address, init) => await app.server.fetch(address, init));
const patientOf = async (text: string): Promise<string> => {
  const { patients } = await api().call(patientsApi.search, { body: { text } });
  return patients[0]?.patientId ?? '';
};
const studiesOf = async (patientId: string) =>
  (await api().call(patientsApi.timeline, { params: { id: patientId }, query: {} })).studies;

const FRAMES = 5;
const SIDE = 32;
/** Of each frame more rows are white than of the one before, so that it can be told which one is drawn. */
const WHITE = 4;
const frames = Buffer.concat(
  Array.from({ length: FRAMES }, (_, n) => {
    const white = (n + 1) * WHITE * SIDE;
    return Buffer.concat([Buffer.alloc(white, 255), Buffer.alloc(SIDE * SIDE - white)]);
  }),
);
/** The mean of a frame, of 0 to 255. */
const meanOf = (frame: number): number => (255 * frame * WHITE) / SIDE;

beforeAll(async () => {
  app = await openApp();
  const port = { port: app.server.dimsePort };
  await sendStudy(port, { name: 'first of Camille' });
  await sendStudy(port, {
    name: 'Daniel',
    PatientID: 'P-200',
    PatientName: 'Okafor^Daniel',
    PatientSex: 'M',
    PatientBirthDate: '20110504',
  });
  await sendStudy(port, { name: 'Camille again', PatientID: 'P-300', PatientName: 'Ruiz^Camille Ana' });
  await storeObjects(app.server, [
    writeObject(
      {
        SOPClassUID: '1.2.840.10008.5.1.4.1.1.7.2',
        SOPInstanceUID: '2.25.77001',
        StudyInstanceUID: '2.25.77002',
        SeriesInstanceUID: '2.25.77003',
        PatientID: 'P-400',
        PatientName: 'Frames^Many',
        StudyDate: '20260102',
        Modality: 'OT',
        Rows: SIDE,
        Columns: SIDE,
        NumberOfFrames: FRAMES,
        BitsAllocated: 8,
        BitsStored: 8,
        HighBit: 7,
        PixelRepresentation: 0,
        SamplesPerPixel: 1,
        PhotometricInterpretation: 'MONOCHROME2',
      },
      frames,
    ),
  ]);
  for (const id of ['P-100', 'P-200', 'P-300', 'P-400'])
    await waitFor(`the pictures of ${id}`, async () => {
      const patientId = await patientOf(id);
      if (patientId === '') return false;
      const studies = await studiesOf(patientId);
      return studies.length > 0 && studies.every(({ thumbnails }) => thumbnails[0]?.picture !== null);
    });
}, 240_000);
afterAll(async () => await app.close());
beforeEach(async () => {
  tab = await app.openPage();
});
afterEach(async () => {
  expect(tab.complaints).toEqual([]);
  await tab.close();
});

it('gives a study to another patient from its page, says it at once, and takes it back', async () => {
  const { page } = tab;
  const [study] = await studiesOf(await patientOf('P-200'));
  await tab.signIn(`/studies/${study?.studyId}`);
  await page.getByRole('link', { name: 'Daniel Okafor' }).waitFor();
  await page.getByRole('button', { name: 'Give to another patient' }).click();
  const dialog = page.getByRole('dialog', { name: 'Give the study to another patient' });
  const search = dialog.getByRole('searchbox');
  await search.fill('Okafor');
  await dialog.getByText('No patient is found by this.').waitFor();
  await search.fill('Ruiz');
  await dialog
    .getByRole('button', { name: /^Ruiz, Camille(?! Ana)/ })
    .first()
    .click();
  await dialog.getByRole('row', { name: /Name.*Okafor, Daniel.*Ruiz, Camille.*Different/ }).waitFor();
  await tab.eachLook(async (theme, width) => {
    await tab.screenshot(`study-reassign-${width}-${theme}`);
    await tab.expectAxeClean();
  });
  await dialog.getByRole('button', { name: 'Confirmed with the patient' }).click();
  // Twice, as an impatient hand does: it happens once.
  const assign = dialog.getByRole('button', { name: 'Assign to Camille Ruiz' });
  await assign.dblclick();
  await page.getByText('Assigned to Camille Ruiz').waitFor();
  await page.getByRole('link', { name: 'Camille Ruiz' }).waitFor();
  await page.getByText('The images came with another identity than the patient has.').waitFor();
  expect((await studiesOf(await patientOf('P-100'))).length).toBe(2);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Taken back').waitFor();
  await page.getByRole('link', { name: 'Daniel Okafor' }).waitFor();
  expect((await studiesOf(await patientOf('P-100'))).length).toBe(1);
});

it('merges two patients from the page of one, with both in sight, and parts them again', async () => {
  const { page } = tab;
  const [stays, goes] = [await patientOf('P-100'), await patientOf('P-300')];
  await tab.signIn(`/patients/${goes}`);
  await page.getByRole('button', { name: 'Merge' }).click();
  const dialog = page.getByRole('dialog', { name: 'Merge with another patient' });
  await dialog.getByRole('searchbox').fill('P-100');
  await dialog.getByRole('button', { name: /^Ruiz, Camille/ }).click();
  await dialog.getByRole('row', { name: /Patient ID.*P-300.*P-100.*Different/ }).waitFor();
  const merge = dialog.getByRole('button', { name: /^Merge/ }).last();
  expect(await merge.isDisabled()).toBe(true);
  await dialog.getByRole('radio', { name: /^Camille Ruiz · 1 study/ }).click({ force: true });
  expect(await merge.isDisabled()).toBe(true);
  await dialog.getByRole('button', { name: 'Registered twice' }).click();
  await tab.eachLook(async (theme, width) => {
    await tab.screenshot(`patient-merge-${width}-${theme}`);
    await tab.expectAxeClean();
  });
  await dialog.getByRole('button', { name: 'Merge into Camille Ruiz' }).click();
  await page.waitForURL(`**/patients/${stays}`);
  await page.getByText('Merged into Camille Ruiz').waitFor();
  await page.getByRole('option').nth(1).waitFor();
  expect((await studiesOf(stays)).length).toBe(2);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Parted again').waitFor();
  await waitFor('the study to be back', async () => (await studiesOf(goes)).length === 1);
  expect((await api().call(imagingApi.merges, {})).merges).toEqual([]);
});

it('shows every frame of an image of many, by a slider that takes the keys', async () => {
  const { page } = tab;
  const [study] = await studiesOf(await patientOf('P-400'));
  await tab.signIn(`/studies/${study?.studyId}`);
  await page
    .getByRole('button', { name: /image 1|Other/ })
    .first()
    .click();
  const viewer = page.getByRole('dialog');
  const slider = viewer.getByRole('slider', { name: 'Frame' });
  await slider.focus();
  await page.keyboard.press('End');
  await viewer.getByText('5 of 5', { exact: true }).waitFor();
  const mean = async (): Promise<number> =>
    await viewer
      .locator('img')
      .first()
      .evaluate((image) => {
        if (!(image instanceof HTMLImageElement) || !image.complete || image.naturalWidth === 0) return -1;
        const canvas = document.createElement('canvas');
        canvas.width = image.naturalWidth;
        canvas.height = image.naturalHeight;
        const context = canvas.getContext('2d');
        if (context === null) return -1;
        context.drawImage(image, 0, 0);
        const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
        let sum = 0;
        for (let at = 0; at < data.length; at += 4) sum += data[at] ?? 0;
        return sum / (data.length / 4);
      });
  const isFrame = (frame: number) => (seen: number) => Math.abs(seen - meanOf(frame)) <= 12;
  await expect.poll(mean, { timeout: 60_000 }).toSatisfy(isFrame(FRAMES));
  await page.keyboard.press('Home');
  await expect.poll(mean, { timeout: 60_000 }).toSatisfy(isFrame(1));
  await tab.eachLook(async (theme, width) => {
    await tab.screenshot(`study-frames-${width}-${theme}`);
    await tab.expectAxeClean();
  });
});
