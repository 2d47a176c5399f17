// Real: the whole server as `npm start` runs it, its PostgreSQL, DCMTK's storescu over DICOM, Chromium, the built app.
import { waitFor } from '@archwire/test-data/processes';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type App, type AppPage, openApp } from '../testing/open-app.ts';
import { sendStudy, type SentStudy } from '../testing/send-study.ts';

const HOSTILE = '<svg onload>alert(1)</svg>^"\'; drop table';
let app: App;
let tab: AppPage;

const send = (study: SentStudy): Promise<void> => sendStudy({ port: app.server.dimsePort }, study);
const ask = async (path: string, body?: unknown): Promise<string> => {
  const answer = await app.server.fetch(
    `/api/v1/imaging${path}`,
    body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
  );
  return await answer.text();
};
const count = async (path: string, word: string): Promise<number> =>
  (await ask(path)).split(`"${word}":`).length - 1;

beforeAll(async () => {
  app = await openApp();
  await send({ name: 'known' });
  await send({ name: 'known 2', PatientID: 'P-200', PatientName: 'Okafor^Daniel', PatientSex: 'M' });
  // The day and the month were exchanged at the device.
  await send({ name: 'typo', PatientBirthDate: '20120203', images: 3 });
  await send({ name: 'typo again', PatientBirthDate: '20120203' });
  await send({ name: 'nobody', PatientID: '', PatientName: HOSTILE, PatientBirthDate: '20120302' });
  await send({ name: 'phantom', PatientID: '', PatientName: 'Phantom^Daily', PatientBirthDate: '' });
  await waitFor(
    'four studies in quarantine, with their pictures',
    async () =>
      (await count('/quarantine', 'studyInstanceUid')) === 4 &&
      (await count('/quarantine', 'placeholderReason')) === 6,
  );
});
afterAll(async () => await app.close());
beforeEach(async () => {
  tab = await app.openPage();
});
afterEach(async () => {
  expect(tab.complaints).toEqual([]);
  await tab.close();
});

it.each([
  ['en-US', 'Quarantine'],
  ['fr-FR', 'Quarantaine'],
  ['es-ES', 'Cuarentena'],
] as const)('is accessible and fits at both widths and in both themes: %s', async (locale, title) => {
  const other = await app.openPage({ locale });
  await other.signIn('/quarantine');
  await other.page.getByRole('heading', { name: title, level: 1 }).waitFor();
  await other.page.getByText('Phantom, Daily').first().waitFor();
  await other.eachLook(async (theme, width) => {
    await other.screenshot(`quarantine-${locale}-${width}-${theme}`);
    await other.expectAxeClean();
  });
  expect(other.complaints).toEqual([]);
  await other.close();
});

it('is worked by keys: next study, a suggestion, assign with both names in sight, and back', async () => {
  const { page } = tab;
  await tab.signIn('/quarantine');
  const list = page.getByRole('list', { name: 'Studies' });
  await list.getByRole('button').nth(3).waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  await page.keyboard.press('j');
  const open = page.getByRole('region', { name: 'Camille Ruiz' });
  await open.getByText('The birth date differs from the patient with this ID').waitFor();
  await page.keyboard.press('1');
  await page.keyboard.press('a');
  const dialog = page.getByRole('dialog', { name: 'Assign the study' });
  await dialog.getByRole('row', { name: /Born.*Feb 3, 2012.*Mar 2, 2012.*Similar/ }).waitFor();
  await dialog.getByRole('row', { name: /Patient ID.*P-100.*P-100.*Same/ }).waitFor();
  await tab.eachLook(async (theme, width) => {
    await tab.screenshot(`quarantine-assign-${width}-${theme}`);
    await tab.expectAxeClean();
  });
  const assign = dialog.getByRole('button', { name: 'Assign to Camille Ruiz' });
  expect(await assign.isDisabled()).toBe(true);
  await dialog.getByRole('button', { name: 'Typed wrong at the device' }).click();
  await dialog
    .getByText('Also the # other', { exact: false })
    .or(dialog.getByText('Also the 1 other'))
    .first()
    .click();
  await assign.click();
  await page.getByText('Assigned to Camille Ruiz').waitFor();
  await expect.poll(async () => await list.getByRole('button').count()).toBe(2);
  await tab.screenshot('quarantine-undo');
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Taken back').waitFor();
  await expect.poll(async () => await list.getByRole('button').count()).toBe(4);
});

it('rejects with a reason, lists it as rejected, and puts it back to waiting', async () => {
  const { page } = tab;
  await tab.signIn('/quarantine');
  await page
    .getByRole('button', { name: /Phantom, Daily/ })
    .first()
    .click();
  await page.keyboard.press('r');
  const dialog = page.getByRole('dialog', { name: 'Reject the study' });
  await dialog.getByRole('button', { name: 'Phantom or test exposure' }).click();
  await tab.screenshot('quarantine-reject');
  await tab.expectAxeClean();
  await dialog.getByRole('button', { name: 'Reject' }).click();
  await page.getByText('Rejected', { exact: true }).last().waitFor();
  await page.getByRole('tab', { name: 'Rejected' }).click();
  await page
    .getByText(/Rejected now by|Rejected this minute by|Rejected .* by/)
    .first()
    .waitFor();
  await tab.screenshot('quarantine-rejected');
  await tab.expectAxeClean();
  await page.getByRole('button', { name: 'Put back to waiting' }).click();
  await page.getByText('Nothing was rejected').waitFor();
  expect(await count('/quarantine', 'studyInstanceUid')).toBe(4);
});

it('registers the patient of images whose name is hostile, and remembers nothing that was not asked for', async () => {
  const { page } = tab;
  await tab.signIn('/quarantine');
  await page
    .getByRole('button', { name: /svg onload/ })
    .first()
    .click();
  await page.getByRole('button', { name: 'Register a new patient' }).click();
  const dialog = page.getByRole('dialog', { name: 'Register a new patient' });
  await dialog.getByLabel('Name').fill('Nguyen, Lan');
  await dialog.getByLabel('Record number').fill('MRN-7');
  await tab.screenshot('quarantine-register');
  await tab.expectAxeClean();
  await dialog.getByRole('button', { name: 'Register and choose' }).click();
  const assign = page.getByRole('dialog', { name: 'Assign the study' });
  await assign.getByRole('button', { name: 'Recognised on the images' }).click();
  await assign.getByRole('button', { name: 'Assign to Lan Nguyen' }).click();
  await page.getByText('Assigned to Lan Nguyen').waitFor();
  expect(await count('/quarantine', 'studyInstanceUid')).toBe(3);
});

it('finds another patient by what is in hand, reached with the slash', async () => {
  const { page } = tab;
  await tab.signIn('/quarantine');
  await page
    .getByRole('button', { name: /Phantom, Daily/ })
    .first()
    .click();
  await page.keyboard.press('/');
  await page.keyboard.type('P-200');
  const found = page.getByRole('list', { name: 'Found' });
  await found.getByRole('button', { name: /Okafor, Daniel/ }).click();
  await page.getByRole('button', { name: /Assign to Daniel Okafor/ }).waitFor();
  await tab.screenshot('quarantine-found');
  await tab.expectAxeClean();
});

it('shows a study that arrives while the page is open, and counts it in the navigation', async () => {
  const { page } = tab;
  await tab.signIn('/quarantine');
  await page.getByText('Phantom, Daily').first().waitFor();
  await send({ name: 'late', PatientID: '', PatientName: 'Late^Louis', PatientBirthDate: '' });
  await page.getByRole('button', { name: /Late, Louis/ }).waitFor();
  await page
    .getByRole('link', { name: /Quarantine/ })
    .first()
    .getByLabel('4 wait')
    .waitFor();
});

it('shows two contents of one image side by side and what differs, and lets a person choose', async () => {
  const { page } = tab;
  await send({ name: 'known', seed: 8, description: 'Retake' });
  await waitFor('a conflict', async () => (await count('/conflicts', 'conflictId')) === 1);
  await tab.signIn('/quarantine/conflicts');
  await page.getByRole('row', { name: /StudyDescription.*Intraoral survey.*Retake/ }).waitFor();
  await page.getByText('The pixels differ').waitFor();
  const pictures = page.getByRole('figure').getByRole('img');
  expect(await pictures.count()).toBe(2);
  expect(await pictures.first().getAttribute('src')).not.toBe(await pictures.last().getAttribute('src'));
  await tab.eachLook(async (theme, width) => {
    await tab.screenshot(`quarantine-conflict-${width}-${theme}`);
    await tab.expectAxeClean();
  });
  await page.getByRole('button', { name: 'Show this one from now on' }).click();
  const dialog = page.getByRole('alertdialog');
  await dialog.getByLabel('Reason').fill('the retake');
  await dialog.getByRole('button', { name: 'Decide' }).click();
  await page.getByText('No conflict is open').waitFor();
});

it('takes a merge back', async () => {
  const { page } = tab;
  const find = async (text: string): Promise<string> =>
    /"patientId":"([^"]+)"/.exec(await ask('/patients/search', { by: 'any', text }))?.[1] ?? 'none';
  await ask(`/patients/${await find('okafor')}/merge`, { into: await find('P-100'), reason: 'by mistake' });
  await tab.signIn('/quarantine/merges');
  await page.getByText('Okafor, Daniel').waitFor();
  await tab.eachLook(async (theme, width) => {
    await tab.screenshot(`quarantine-merges-${width}-${theme}`);
    await tab.expectAxeClean();
  });
  await page.getByRole('button', { name: 'Part them again' }).click();
  const dialog = page.getByRole('alertdialog');
  await dialog.getByLabel('Reason').fill('two people');
  await dialog.getByRole('button', { name: 'Part them again' }).click();
  await page.getByText('No merge can be undone').waitFor();
  expect(await find('okafor')).not.toBe('none');
});
