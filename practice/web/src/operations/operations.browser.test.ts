// Real: the server with its PostgreSQL, Chromium, DCMTK's storescu and echoscu. Stand-in: in the test of a bad day, the answers of the API.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { EndpointResponse } from '@archwire/contracts/api';
import type { operationsApi } from '@archwire/contracts/api/operations';
import { createRandom, deterministicUid, writeObject } from '@archwire/test-data';
import { waitFor } from '@archwire/test-data/processes';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type App, type AppPage, openApp } from '../testing/open-app.ts';

const run = promisify(execFile);
let app: App;
let folder: string;
let opened: AppPage | undefined;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'archwire-operations-'));
  app = await openApp();
});
afterEach(async () => {
  await opened?.close();
  opened = undefined;
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true, force: true });
});

const SIDE = 64;
const object = (number: number, patientId = 'OPS', study = 'operations'): Buffer => {
  const random = createRandom(number);
  return writeObject(
    {
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.7',
      SOPInstanceUID: deterministicUid(`operations/${number}`),
      StudyInstanceUID: deterministicUid(study),
      SeriesInstanceUID: deterministicUid(`${study}/s`),
      PatientID: patientId,
      PatientName: 'Operations^Test',
      Modality: 'OT',
      InstanceNumber: number,
      SamplesPerPixel: 1,
      PhotometricInterpretation: 'MONOCHROME2',
      Rows: SIDE,
      Columns: SIDE,
      BitsAllocated: 8,
      BitsStored: 8,
      HighBit: 7,
      PixelRepresentation: 0,
    },
    Uint8Array.from({ length: SIDE * SIDE }, () => random.below(256)),
  );
};
const send = async (objects: readonly Buffer[]): Promise<void> => {
  const files: string[] = [];
  for (const [at, bytes] of objects.entries()) {
    const file = path.join(folder, `${at}.dcm`);
    await writeFile(file, bytes);
    files.push(file);
  }
  const peer = ['127.0.0.1', String(app.server.dimsePort)];
  await run('storescu', ['-R', '-xs', '-aet', 'PANO-1', '-aec', 'ARCHWIRE', ...peer, ...files]);
};

it('shows how the archive is, follows what is received, and is sound in every look', async () => {
  opened = await app.openPage();
  const { page, complaints } = opened;
  await opened.signIn('/operations');
  await page.getByRole('heading', { name: 'All is well' }).waitFor();
  await page.getByText('No device was here yet').waitFor();
  await send(Array.from({ length: 12 }, (_, at) => object(at + 1)));
  const peer = ['127.0.0.1', String(app.server.dimsePort)];
  await run('echoscu', ['-aet', 'CEPH-1', '-aec', 'ARCHWIRE', ...peer]);
  await page.getByText('PANO-1').waitFor();
  await page.getByText('CEPH-1').waitFor();
  await waitFor(
    'the chart counts what came',
    async () => (await page.getByRole('img', { name: /^12 images/ }).count()) === 1,
  );
  await page.getByText('Originals').waitFor();
  await page.getByText('Nothing waits for you').waitFor();
  await send([object(13, '', 'operations/nobody')]);
  await page.getByRole('link', { name: '1 study without a patient' }).waitFor();
  await page.getByText('Nothing waits for you').waitFor({ state: 'hidden' });
  await page.getByRole('radio', { name: '1 h' }).click();
  await page.getByRole('img', { name: /^13 images/ }).waitFor();
  for (const language of ['Français', 'Español', 'English']) {
    await page
      .getByRole('button', { name: /Administrator|Administrateur|Administrador/ })
      .last()
      .click();
    await page.getByRole('menuitemradio', { name: language }).click();
    await page
      .getByRole('heading', { level: 1, name: /^(?:Exploitation|Operaciones|Operations)$/ })
      .waitFor();
    if (language === 'English') continue;
    await opened.screenshot(`operations-${language.slice(0, 2).toLowerCase()}`);
    await opened.expectAxeClean();
  }
  await opened.eachLook(async (theme, width) => {
    await opened?.screenshot(`operations-${theme}-${width}`);
    await page.getByRole('heading', { name: 'Versions' }).scrollIntoViewIfNeeded();
    await opened?.screenshot(`operations-${theme}-${width}-below`);
    await page.getByRole('heading', { level: 1 }).scrollIntoViewIfNeeded();
    await opened?.expectAxeClean();
  });
  expect(complaints).toEqual([]);
});

const SINCE = new Date(Date.now() - 3_600_000 * 5).toISOString();
const alert = (id: number, kind: string, severity: 'warning' | 'critical', details: object) => ({
  id: `0198a5a2-0000-7000-8000-00000000000${id}`,
  kind,
  severity,
  details: { ...details },
  subject: '',
  raisedAt: SINCE,
  clearedAt: null,
  acknowledgedAt: null,
  acknowledgedBy: null,
});
const ALERTS: EndpointResponse<typeof operationsApi.alerts> = {
  open: [
    alert(1, 'disk-low', 'critical', { node: 'gateway-1', freeBytes: 4e8, totalBytes: 5e11 }),
    alert(2, 'device-silent', 'warning', { name: 'Pano Lyon', since: SINCE, allowedHours: 48 }),
    alert(3, 'quarantine-waiting', 'warning', { count: 3 }),
    {
      ...alert(4, 'certificate-ends', 'warning', { days: 12 }),
      acknowledgedAt: SINCE,
      acknowledgedBy: 'Ada Bell',
    },
  ],
  cleared: [{ ...alert(5, 'node-gone', 'warning', { node: 'worker-2', since: SINCE }), clearedAt: SINCE }],
};
const JOBS: EndpointResponse<typeof operationsApi.failedJobs> = {
  jobs: [
    {
      queue: 'settle-series',
      id: '17',
      own: true,
      reason: 'The object store refused to write: no space is left. Make room on its disk.',
      attempts: 10,
      failedAt: SINCE,
      seriesId: '0198a5a2-0000-7000-8000-0000000000aa',
      studyId: '0198a5a2-0000-7000-8000-0000000000ab',
      instances: null,
    },
    {
      queue: 'derive-instances',
      id: '18',
      own: false,
      reason: 'The job failed; the log says how. <img src=x onerror=alert(1)>',
      attempts: 8,
      failedAt: SINCE,
      seriesId: null,
      studyId: null,
      instances: 50,
    },
  ],
};

it('on a bad day it says what is the matter and lets people act', async () => {
  opened = await app.openPage();
  const { page, complaints } = opened;
  const asked: string[] = [];
  const jobs = [...JOBS.jobs];
  await page.route('**/api/v1/operations/alerts', async (route) => await route.fulfill({ json: ALERTS }));
  await page.route('**/api/v1/operations/alerts/*/acknowledge', async (route) => {
    asked.push(`known ${new URL(route.request().url()).pathname.split('/').at(-2) ?? ''}`);
    await route.fulfill({ status: 204 });
  });
  await page.route('**/api/v1/operations/failed-jobs', async (route) => {
    await route.fulfill({ json: { jobs } });
  });
  await page.route('**/api/v1/operations/failed-jobs/*/*/retry', async (route) => {
    asked.push('retry');
    jobs.splice(0, 1);
    await route.fulfill({ status: 204 });
  });
  await page.route('**/api/v1/operations/failed-jobs/derive-instances/18', async (route) => {
    asked.push(route.request().method());
    jobs.splice(0, 1);
    await route.fulfill({ status: 204 });
  });
  await opened.signIn('/operations');
  await page.getByRole('heading', { name: /3 things need you/ }).waitFor();
  await page.getByText('The disk of gateway-1 is nearly full').waitFor();
  await page.getByText('<img src=x onerror=alert(1)>').waitFor();
  await opened.eachLook(async (theme, width) => {
    await opened?.screenshot(`operations-bad-day-${theme}-${width}`);
    await page.getByRole('button', { name: 'Forget' }).last().scrollIntoViewIfNeeded();
    await opened?.screenshot(`operations-bad-day-${theme}-${width}-jobs`);
    await page.getByRole('heading', { level: 1 }).scrollIntoViewIfNeeded();
    await opened?.expectAxeClean();
  });
  await page.getByRole('button', { name: '3 new alerts' }).click();
  await page.getByRole('dialog').getByText('Pano Lyon has been silent for too long').waitFor();
  await opened.screenshot('operations-bell');
  await opened.expectAxeClean();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'I know' }).first().click();
  await page.getByRole('button', { name: 'Start over', exact: true }).first().click();
  await page.getByText('1 job starts over').waitFor();
  await page.getByRole('button', { name: 'Forget' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Forget' }).click();
  await page.getByText('No job was given up').waitFor();
  expect(asked).toEqual([`known ${ALERTS.open[0]?.id ?? ''}`, 'retry', 'DELETE']);
  expect(complaints).toEqual([]);
});
