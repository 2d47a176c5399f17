// Real: the whole server as `npm start` runs it, its PostgreSQL, DCMTK's findscu as the device that asks, Chromium, the built app.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { waitFor } from '@archwire/test-data/processes';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type App, type AppPage, openApp } from '../testing/open-app.ts';
import { sendStudy } from '../testing/send-study.ts';

const run = promisify(execFile);
let app: App;
let tab: AppPage;

const post = async (path: string, body: unknown): Promise<void> => {
  const answer = await app.server.fetch(`/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(201);
};

/** The accession numbers that a device is told over DICOM. */
const told = async (callingAe: string): Promise<string[]> => {
  const { stdout, stderr } = await run('findscu', [
    '-W',
    '-aet',
    callingAe,
    '-aec',
    'ARCHWIRE',
    '-k',
    '0008,0050',
    '-k',
    '0040,0100',
    '127.0.0.1',
    String(app.server.dimsePort),
  ]);
  return [...(stdout + stderr).matchAll(/\(0008,0050\) SH \[([^\]]+)\]/g)].map(([, number = '']) =>
    number.trim(),
  );
};

beforeAll(async () => {
  app = await openApp();
  const { dimsePort: port } = app.server;
  await sendStudy({ port }, { name: 'a first visit' });
  await sendStudy(
    { port },
    { name: 'of another', PatientID: 'P-101', PatientName: 'Núñez^Álvaro', PatientSex: 'M' },
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

it('teaches when there is nothing yet', async () => {
  const { page } = tab;
  await tab.signIn('/worklist');
  await page.getByText('Nothing is to be imaged on this day').waitFor();
  await page.getByText('No device is registered yet').waitFor();
  await tab.eachLook(async (theme, width) => {
    await tab.screenshot(`worklist-empty-${width}-${theme}`);
    await tab.expectAxeClean();
  });
}, 240_000);

it('takes an order by keys alone, and shows what the device is told, which is what it gets', async () => {
  await post('/devices', { name: 'Pano, room 2', aeTitle: 'PANO', kind: 'panoramic' });
  await post('/devices', { name: 'Sensor', aeTitle: 'SENSOR', kind: 'intraoral-sensor' });
  const { page } = tab;
  await tab.signIn('/');
  await page.keyboard.press('g');
  await page.keyboard.press('w');
  await page.waitForURL('**/worklist');
  await page.getByText('Nothing is to be imaged on this day').waitFor();
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog', { name: 'Order images' });
  await dialog.waitFor();
  await page.keyboard.type('ruiz');
  await dialog.getByRole('list', { name: 'Patients found' }).getByText('Ruiz, Camille').waitFor();
  await tab.screenshot('worklist-find-patient');
  await tab.expectAxeClean();
  await page.keyboard.press('Enter');
  await dialog.getByText('What is to be imaged').waitFor();
  await page.keyboard.press('Space');
  expect(await dialog.getByLabel(/Panoramic radiograph/).isChecked()).toBe(true);
  await tab.eachLook(async (theme, width) => {
    await tab.screenshot(`worklist-order-${width}-${theme}`);
    await tab.expectAxeClean();
  });
  await dialog.getByLabel('Description').focus();
  await page.keyboard.press('Enter');
  await page.getByText(/Ordered for Camille Ruiz: .*The equipment sees it now/).waitFor();
  const order = page.getByRole('list', { name: 'Imaging orders' }).getByRole('listitem');
  await order.getByText('Checked in').waitFor();
  const sees = page.getByRole('list', { name: 'What Pano, room 2 is told' });
  await sees.getByText('Ruiz, Camille').waitFor();
  const [accession = ''] = /[A-Z0-9]{4,16}/.exec((await order.locator('code').textContent()) ?? '') ?? [];
  expect(accession).not.toBe('');
  await sees.getByText(accession).waitFor();
  expect(await told('PANO')).toEqual([accession]);
  expect(await told('SENSOR')).toEqual([]);
  await tab.eachLook(async (theme, width) => {
    await tab.screenshot(`worklist-${width}-${theme}`);
    await tab.expectAxeClean();
  });
  await sees.getByRole('button', { name: /All attributes of/ }).click();
  await page.getByRole('dialog').getByText('StudyInstanceUID', { exact: true }).waitFor();
  await page
    .getByRole('dialog')
    .getByText(/^2\.25\.\d+$/)
    .waitFor();
  await tab.screenshot('worklist-attributes');
  await tab.expectAxeClean();
}, 240_000);

it('keeps a planned order from the devices until the patient is there, and ends one with a reason', async () => {
  const { page } = tab;
  await tab.signIn('/patients');
  await page.getByText('Núñez, Álvaro').click();
  await page.getByRole('button', { name: 'Order images' }).click();
  const dialog = page.getByRole('dialog', { name: 'Order images' });
  await dialog.getByText('Lateral cephalogram').click();
  await dialog.getByText('The patient is here').click();
  await dialog.getByLabel('Time').fill('9:05');
  await dialog.getByRole('button', { name: 'Order', exact: true }).click();
  await page.getByText(/Ordered for Álvaro Núñez/).waitFor();
  const before = await told('PANO');
  await page.goto('/worklist');
  const order = page
    .getByRole('list', { name: 'Imaging orders' })
    .getByRole('listitem', { name: /09:05 Núñez/ });
  await order.getByText('Planned').waitFor();
  await order.getByRole('button', { name: 'Check in Núñez, Álvaro' }).click();
  await order.getByText('Checked in').waitFor();
  await page.getByRole('list', { name: 'What Pano, room 2 is told' }).getByText('Núñez, Álvaro').waitFor();
  expect((await told('PANO')).length).toBe(before.length + 1);
  await tab.eachLook(async (theme, width) => await tab.screenshot(`worklist-two-${width}-${theme}`));
  await order.getByRole('button', { name: /More about the order/ }).click();
  await tab.expectAxeClean();
  await page.getByRole('menuitem', { name: 'Discontinue' }).click();
  const ends = page.getByRole('dialog', { name: 'Discontinue' });
  await ends.getByRole('button', { name: 'Patient did not come' }).click();
  await tab.screenshot('worklist-discontinue');
  await tab.expectAxeClean();
  await ends.getByRole('button', { name: 'Discontinue' }).click();
  await page.getByText('The order of Núñez, Álvaro is discontinued').waitFor();
  await order.waitFor({ state: 'detached' });
  await waitFor('the device is told no more', async () => (await told('PANO')).length === before.length);
  await page.getByRole('radio', { name: 'Ended' }).click();
  await page.getByText('Patient did not come').waitFor();
}, 240_000);

it('shows a device that may not ask, and lets it with one press', async () => {
  await post('/devices', { name: 'Ceph', aeTitle: 'CEPH', kind: 'ceph', services: ['store'] });
  const { page } = tab;
  await tab.signIn('/worklist');
  await page.getByRole('button', { name: /Device/ }).click();
  await page.getByRole('option', { name: 'Ceph (CEPH)' }).click();
  await page.getByText('This device may not ask for its worklist, so it sees nothing.').waitFor();
  await expect(told('CEPH')).rejects.toThrow();
  await page.getByRole('button', { name: 'Allow it' }).click();
  await page.getByText('This device may not ask').waitFor({ state: 'detached' });
  await waitFor('the device may ask', async () =>
    told('CEPH').then(
      () => true,
      () => false,
    ),
  );
}, 240_000);

it('goes from day to day, and registers who is new', async () => {
  const { page } = tab;
  await tab.signIn('/worklist?day=2026-02-28');
  await page.keyboard.press(']');
  await page.getByText('Mar 1, 2026').waitFor();
  await page.waitForURL('**/worklist?day=2026-03-01');
  await page.keyboard.press('[');
  await page.getByText('Feb 28, 2026').waitFor();
  await page.waitForURL('**/worklist?day=2026-02-28');
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog', { name: 'Order images' });
  await page.keyboard.type('nobody at all');
  await dialog.getByText('Nobody has this name or number.').waitFor();
  await dialog.getByRole('button', { name: 'New patient' }).click();
  const register = page.getByRole('dialog', { name: 'Register a new patient' });
  await register.getByLabel('Name').fill('Zeta, Zoe');
  await register
    .getByRole('button', { name: /Register/ })
    .last()
    .click();
  await dialog.getByText('Zeta, Zoe').waitFor();
  await dialog.getByRole('button', { name: 'Order', exact: true }).click();
  await dialog.getByText('Choose at least one.').waitFor();
  await dialog.getByText('CBCT').first().click();
  await dialog.getByRole('button', { name: 'Order', exact: true }).click();
  await page
    .getByRole('listitem', { name: /Zeta, Zoe/ })
    .getByText('Planned')
    .waitFor();
}, 240_000);

it.each([
  ['fr-FR', 'Liste de travail'],
  ['es-ES', 'Lista de trabajo'],
] as const)('is accessible and fits at both widths and in both themes: %s', async (locale, title) => {
  const other = await app.openPage({ locale });
  await other.signIn('/worklist');
  await other.page.getByRole('heading', { name: title, level: 1 }).waitFor();
  await other.page.getByText('Ruiz, Camille').first().waitFor();
  await other.eachLook(async (theme, width) => {
    await other.screenshot(`worklist-${locale}-${width}-${theme}`);
    await other.expectAxeClean();
  });
  expect(other.complaints).toEqual([]);
  await other.close();
});
