// Real: the whole server, DCMTK storescu, Debian's Chromium, OHIF.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  deterministicUid,
  grayLevels,
  panoramic,
  treatmentHistory,
  type SyntheticStudy,
} from '@archwire/test-data';
import {
  ADMINISTRATOR,
  startArchwire,
  temporaryFolder,
  waitFor,
  type Archwire,
} from '@archwire/test-data/processes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from './testing/browser.ts';
import { dataSetOf, sentBy, storescu } from './testing/dcmtk.ts';

const SCREENSHOTS = join(import.meta.dirname, '../../../screenshots');

let folder: string;
let server: Archwire;
beforeAll(async () => {
  folder = await temporaryFolder();
  await mkdir(SCREENSHOTS, { recursive: true });
  server = await startArchwire({ dataDir: join(folder, 'data') });
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const [study] = treatmentHistory(3, 0) as [SyntheticStudy];
const uid = {
  study: deterministicUid(study.name),
  series: deterministicUid(`${study.name}/panoramic`),
  instance: deterministicUid(`${study.name}/panoramic/1`),
};
const json = { headers: { accept: 'application/dicom+json' } };

describe('the journey of a panoramic image', () => {
  it('from storescu to the index within two seconds, to its thumbnail, and back unchanged', async () => {
    const file = join(folder, 'panoramic.dcm');
    await writeFile(file, await panoramic(study));
    expect(await storescu(server, [file])).toEqual([file]);
    await waitFor(
      'the study in QIDO-RS',
      async () =>
        (
          (await (
            await server.fetch(`/dicomweb/studies?StudyInstanceUID=${uid.study}`, json)
          ).json()) as unknown[]
        ).length === 1,
      {
        seconds: 2,
      },
    );

    const path = `/dicomweb/studies/${uid.study}/series/${uid.series}/instances/${uid.instance}`;
    const answer = await server.fetch(path, { headers: { accept: 'application/dicom; transfer-syntax=*' } });
    expect(answer.status).toBe(200);
    const onTheWire = await sentBy(file, folder);
    expect(dataSetOf(Buffer.from(await answer.arrayBuffer())).equals(dataSetOf(onTheWire))).toBe(true);

    const thumbnail = await server.fetch(`${path}/thumbnail`, { headers: { accept: 'image/jpeg' } });
    expect([thumbnail.status, thumbnail.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    expect((await thumbnail.arrayBuffer()).byteLength).toBeLessThan(50_000);
  });

  it('is signed in to, found in the study list of the viewer, opened, and seen', async () => {
    const browser = await openBrowser();
    try {
      const page = await browser.context.newPage();
      const foreign: string[] = [];
      page.on('request', (request) => {
        if (!request.url().startsWith(server.url) && /^https?:/.test(request.url()))
          foreign.push(request.url());
      });
      await page.goto(`${server.url}/sign-in?return=%2Fviewer%2F`);
      await page.locator('input[name=email]').fill(ADMINISTRATOR.email);
      await page.locator('input[name=password]').fill(ADMINISTRATOR.password);
      await page.screenshot({ path: join(SCREENSHOTS, 'sign-in.png') });
      await page.getByRole('button', { name: 'Sign in' }).click();

      await page.waitForURL('**/viewer/**');
      const row = page.getByText(study.AccessionNumber).first();
      await row.waitFor({ timeout: 30_000 });
      await page.screenshot({ path: join(SCREENSHOTS, 'study-list.png') });

      await row.click();
      await page.getByRole('button', { name: 'Ortho' }).first().click();
      await page.waitForURL(`**/viewer/ortho?*${uid.study}*`);
      const canvas = page.locator('canvas.cornerstone-canvas').first();
      await canvas.waitFor({ timeout: 60_000 });
      // The picture on the screen is the panoramic: teeth brighter than the background around the jaw.
      let levels = await grayLevels(await canvas.screenshot());
      await waitFor(
        'pixels on the screen',
        async () => {
          levels = await grayLevels(await canvas.screenshot());
          return levels.brightest > 200;
        },
        { seconds: 30, everyMs: 250 },
      );
      await page.screenshot({ path: join(SCREENSHOTS, 'viewer.png') });
      expect(levels.centreRow).toBeGreaterThan(levels.corner + 60);
      expect(foreign).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
