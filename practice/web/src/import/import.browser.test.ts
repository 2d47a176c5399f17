// Real: the whole server as `npm start` runs it, its PostgreSQL, Chromium, files on the disk that are really dropped.
import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Imports } from '@archwire/contracts/api/imports';
import { writeObject } from '@archwire/test-data';
import { temporaryFolder, waitFor } from '@archwire/test-data/processes';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type App, type AppPage, openApp } from '../testing/open-app.ts';

let app: App;
let tab: AppPage;
let folder: string;
beforeAll(async () => {
  app = await openApp();
  folder = await temporaryFolder();
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  tab = await app.openPage();
});
afterEach(async () => {
  expect(tab.complaints.filter((complaint) => !complaint.includes('net::ERR_'))).toEqual([]);
  await tab.close();
});

interface Picture {
  readonly study: number;
  readonly number: number;
  readonly patient: string;
  readonly size?: number;
}
const SIZE = 64;

/** A small radiograph; `noise` makes it large on the wire. */
const radiograph = ({ study, number, patient, size = SIZE }: Picture): Buffer =>
  writeObject(
    {
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.1.3',
      SOPInstanceUID: `1.2.826.${study}.1.${number}`,
      StudyInstanceUID: `1.2.826.${study}`,
      SeriesInstanceUID: `1.2.826.${study}.1`,
      StudyDate: '20260114',
      StudyTime: '101500',
      StudyDescription: 'Full mouth series',
      Modality: 'IO',
      PatientName: `${patient}^Camille`,
      PatientID: patient === '' ? '' : `P-${patient}`,
      PatientBirthDate: '20120302',
      PatientSex: 'F',
      SeriesNumber: 1,
      InstanceNumber: number,
      Rows: size,
      Columns: size,
      BitsAllocated: 8,
      BitsStored: 8,
      HighBit: 7,
      PixelRepresentation: 0,
      SamplesPerPixel: 1,
      PhotometricInterpretation: 'MONOCHROME2',
    },
    size > 200
      ? randomBytes(size * size)
      : Buffer.from(
          Array.from({ length: size * size }, (_each, at) => (at * number * 3 + (at >> 6) * 5) % 256),
        ),
  );

const writeFiles = async (name: string, files: Readonly<Record<string, Buffer>>): Promise<string> => {
  const root = path.join(folder, name);
  for (const [file, bytes] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), bytes);
  }
  return root;
};

/** What the operating system does when a person drags from a folder window. */
const drop = async (page: Page, paths: readonly string[]): Promise<void> => {
  const browser = await page.context().newCDPSession(page);
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await browser.send('Input.dispatchDragEvent', { type, x: 700, y: 700, data });
};

const finished = (page: Page) =>
  page.getByRole('heading', { name: 'Import finished' }).waitFor({ timeout: 60_000 });

const disc = (study: number, patient: string, count = 6): Record<string, Buffer> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, at) => [
      `IMAGES/IM${String(at).padStart(4, '0')}`,
      radiograph({ study, number: at + 1, patient }),
    ]),
  );

it('looks like what it is for before anything is dropped', async () => {
  await tab.signIn('/import');
  await tab.page.getByText('Drop files, folders').waitFor();
  await tab.eachLook(async (theme, width) => {
    await tab.screenshot(`import-start-${width}-${theme}`);
    await tab.expectAxeClean();
  });
});

it('takes a folder that is dropped, shows the studies, and names what is no image or cannot be read', async () => {
  const cut = radiograph({ study: 11, number: 50, patient: 'Ruiz' }).subarray(0, 900);
  const root = await writeFiles('disc from Lyon', {
    ...disc(11, 'Ruiz'),
    'deep/er/still/IM9': radiograph({ study: 12, number: 1, patient: 'Okafor' }),
    'IMAGES/CUT.dcm': cut,
    'AUTORUN.INF': Buffer.from('[autorun]'),
    'readme <b>bold</b>.txt': Buffer.from('hello'),
    'nobody.dcm': radiograph({ study: 13, number: 1, patient: '' }),
  });
  await tab.signIn('/import');
  await drop(tab.page, [root]);
  await finished(tab.page);
  const { page } = tab;
  await page.getByText('Camille Ruiz').waitFor();
  await page.getByText('Camille Okafor').waitFor();
  await page.getByText('7 images stored').waitFor();
  await page.getByText('1 in quarantine').waitFor();
  await page.getByText('2 files are no images').waitFor();
  await page.getByText('disc from Lyon/IMAGES/CUT.dcm').waitFor();
  await page.getByText('The file ends before the image does').waitFor();
  await page.getByText('disc from Lyon/readme <b>bold</b>.txt').waitFor();
  await page.locator('img[src*="/api/v1/pictures/"]').first().waitFor({ timeout: 60_000 });
  await waitFor(
    'every picture',
    async () => (await page.locator('img[src*="/api/v1/pictures/"]').count()) === 3,
  );
  await tab.eachLook(async (theme, width) => {
    await tab.screenshot(`import-done-${width}-${theme}`);
    await tab.expectAxeClean();
  });
  await page.getByRole('link', { name: /study of Camille Okafor/ }).click();
  await page.waitForURL('**/studies/*');
});

it('speaks French and Spanish', async () => {
  for (const [language, title] of [
    ['fr', 'Importer'],
    ['es', 'Importar'],
  ] as const) {
    const own = await app.openPage({ locale: language });
    await own.signIn('/import');
    await own.page.getByRole('heading', { level: 1, name: title }).waitFor();
    await own.screenshot(`import-start-${language}`);
    await own.expectAxeClean();
    await own.close();
  }
});

it('waits while the connection is lost, goes on by itself, and goes on after a reload with the same folder', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 60 }, (_each, at) => [
      `IM${at}`,
      radiograph({ study: 21, number: at + 1, patient: 'Nguyen', size: 512 }),
    ]),
  );
  const root = await writeFiles('sixty', files);
  const { page } = tab;
  await tab.signIn('/import');
  // The network of a slow clinic, so that there is a middle.
  const network = await page.context().newCDPSession(page);
  const slow = (offline: boolean) =>
    network.send('Network.emulateNetworkConditions', {
      offline,
      latency: 20,
      downloadThroughput: 2_000_000,
      uploadThroughput: 1_500_000,
    });
  await slow(false);
  await drop(page, [root]);
  const arrived = async (): Promise<number> => {
    const answer = await app.server.fetch('/api/v1/imports');
    const { imports } = Imports.parse(await answer.json());
    return imports[0]?.counts.outcomes['stored'] ?? 0;
  };
  await waitFor('some images', async () => (await arrived()) > 5);
  await slow(true);
  await page.getByText('The connection is lost').waitFor();
  await tab.eachLook(async (theme, width) => {
    await tab.screenshot(`import-waits-${width}-${theme}`);
  });
  await tab.expectAxeClean();
  const then = await arrived();
  expect(then).toBeLessThan(60);
  await slow(false);
  await page
    .getByRole('button', { name: 'Try now' })
    .click()
    .catch(() => {});
  await waitFor('more images', async () => (await arrived()) > then);
  // Another page: the import goes on, and a word in the corner says how far it is.
  await page.getByRole('link', { name: 'Patients', exact: true }).first().click();
  await page.getByRole('link', { name: /^Import: \d+/ }).waitFor();
  await tab.screenshot('import-pill-desk-light');
  await page.getByRole('link', { name: /^Import: \d+/ }).click();
  page.once('dialog', (dialog) => void dialog.accept());
  await page.reload();
  await page.getByText('Choose the same folder again').waitFor();
  await drop(page, [root]);
  await finished(page);
  await page.getByText(/files? (?:was|were) here already/).waitFor();
  expect(await arrived()).toBe(60);
  const { imports } = Imports.parse(await (await app.server.fetch('/api/v1/imports')).json());
  expect(imports[0]?.counts.files).toBe(60);
}, 240_000);

it('ends when the person says so, and keeps what was stored', async () => {
  const root = await writeFiles(
    'cancelled',
    Object.fromEntries(
      Array.from({ length: 40 }, (_each, at) => [
        `IM${at}`,
        radiograph({ study: 31, number: at + 1, patient: 'Moreau', size: 512 }),
      ]),
    ),
  );
  const { page } = tab;
  await tab.signIn('/import');
  const network = await page.context().newCDPSession(page);
  await network.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 20,
    downloadThroughput: 2_000_000,
    uploadThroughput: 800_000,
  });
  await drop(page, [root]);
  await page.getByRole('button', { name: 'Cancel import' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel import' }).click();
  await page.getByRole('heading', { name: 'Import cancelled' }).waitFor();
  const { imports } = Imports.parse(await (await app.server.fetch('/api/v1/imports')).json());
  expect(imports[0]?.state).toBe('cancelled');
});
