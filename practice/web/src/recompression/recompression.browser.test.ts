// Real: the server with its PostgreSQL, Chromium, generated images sent by STOW-RS and recompressed as they arrive.
import { panoramic, cbct, intraoral, INTRAORAL_SURVEY, photos } from '@archwire/test-data';
import { waitFor } from '@archwire/test-data/processes';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type App, type AppPage, openApp } from '../testing/open-app.ts';
import { storeObjects } from '../testing/store-objects.ts';

let app: App;
let opened: AppPage | undefined;

beforeAll(async () => {
  app = await openApp();
});
afterEach(async () => {
  await opened?.close();
  opened = undefined;
});
afterAll(async () => await app.close());

const study = (name: string) => ({
  patient: {
    PatientID: 'P-SAVE',
    IssuerOfPatientID: '',
    PatientName: 'Ruiz^Camille',
    PatientBirthDate: '20120302',
    PatientSex: 'F' as const,
  },
  name,
  StudyDate: '20261120',
  StudyTime: '101200',
  StudyDescription: name,
  AccessionNumber: '',
  StudyID: '1',
  seed: 7,
  progress: 0.5,
  dayOfTreatment: 100,
});

const firstPhoto = async (): Promise<Buffer> => {
  for await (const photo of photos(study('Photos'), { rows: 120, columns: 180 })) return photo;
  throw new Error('no photo');
};

it('saves bytes once it is told to, shows how many, and says so on the study', async () => {
  opened = await app.openPage();
  const { page, complaints } = opened;
  await opened.signIn('/operations');
  await page.getByRole('link', { name: 'What compression saves' }).click();
  await page.getByText('Nothing has been recompressed yet').waitFor();
  await opened.expectAxeClean();
  await page.getByText('As images arrive').click();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved').waitFor();

  const survey = INTRAORAL_SURVEY.slice(0, 3);
  await storeObjects(app.server, [
    await panoramic(study('Panoramic')),
    ...(await Promise.all(
      survey.map(async (exposure, at) => await intraoral(study('Survey'), exposure, at + 1)),
    )),
    await firstPhoto(),
  ]);
  await storeObjects(app.server, cbct(study('CBCT'), { slices: 12, matrix: 128, voxel: 0.6 }));
  await page.getByText('Panoramics').waitFor({ timeout: 120_000 });
  await page.getByText('CBCT', { exact: true }).waitFor({ timeout: 120_000 });
  await page.getByText('Left as they came').waitFor({ timeout: 120_000 });
  for (const language of ['Français', 'Español', 'English']) {
    await page
      .getByRole('button', { name: /Administrator|Administrateur|Administrador/ })
      .last()
      .click();
    await page.getByRole('menuitemradio', { name: language }).click();
    await page.getByRole('heading', { level: 1, name: /^(?:Ce que|Lo que|What)/ }).waitFor();
    if (language !== 'English')
      await opened.screenshot(`recompression-${language.slice(0, 2).toLowerCase()}`);
  }
  await opened.eachLook(async (theme, width) => {
    await opened?.screenshot(`recompression-${theme}-${width}`);
    await opened?.expectAxeClean();
  });

  await page.goto('/studies');
  await page
    .getByRole('row', { name: /Panoramic/ })
    .locator('a')
    .first()
    .click();
  await page.getByText(/instead of .*lossless/).waitFor();
  await page.getByRole('button', { name: 'Store as received' }).scrollIntoViewIfNeeded();
  await opened.screenshot('recompression-study');
  await page.getByRole('button', { name: 'Store as received' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Store as received' }).click();
  await page.getByText('The originals are being put back').waitFor();
  await waitFor(
    'the originals lie as they came',
    async () => {
      await page.reload();
      await page
        .getByText(/1 image/)
        .first()
        .waitFor();
      return (await page.getByText(/instead of .*lossless/).count()) === 0;
    },
    { seconds: 60 },
  );
  expect(complaints).toEqual([]);
}, 240_000);
