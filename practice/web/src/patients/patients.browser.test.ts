// Real: the whole server as `npm start` runs it, its PostgreSQL, STOW-RS, the derive jobs, Chromium, the built app under its policy.
import {
  ceph,
  intraoral,
  INTRAORAL_SURVEY,
  panoramic,
  photos,
  scan,
  treatmentHistory,
  writeObject,
} from '@archwire/test-data';
import { waitFor } from '@archwire/test-data/processes';
import { createApiClient } from '@archwire/contracts/api';
import { patientsApi } from '@archwire/contracts/api/patients';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type App, type AppPage, openApp } from '../testing/open-app.ts';
import { storeObjects } from '../testing/store-objects.ts';

const HOSTILE = '"><script>alert(1)</script>^<b>{plural, select}</b>';
let app: App;
let tab: AppPage;

const api = () => createApiClient(async (address, init) => await app.server.fetch(address, init));
const patientOf = async (text: string): Promise<string> => {
  const { patients } = await api().call(patientsApi.search, { body: { text } });
  return patients[0]?.patientId ?? '';
};
const timelineOf = async (patientId: string) =>
  await api().call(patientsApi.timeline, { params: { id: patientId }, query: {} });
const settled = async (text: string): Promise<void> => {
  await waitFor(`the pictures of ${text}`, async () => {
    const id = await patientOf(text);
    if (id === '') return false;
    const { studies } = await timelineOf(id);
    return (
      studies.length > 0 &&
      studies.every(({ thumbnails }) => thumbnails.every(({ picture }) => picture !== null))
    );
  });
};

/** A loaded machine takes its time; the test only ends earlier where it does not. */
const eventually = <T>(ask: () => T | Promise<T>) => expect.poll(ask, { timeout: 30_000 });

const SMALL = { rows: 240, columns: 360 };
const PANO = { rows: 300, columns: 580 };
const visits = treatmentHistory(1, 2);

/** One object of a patient of its own, of these attributes. */
const lone = (patientId: string, attributes: object, pixels?: Uint8Array) =>
  writeObject(
    {
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.7',
      SOPInstanceUID: `2.25.${patientId}1`,
      StudyInstanceUID: `2.25.${patientId}2`,
      SeriesInstanceUID: `2.25.${patientId}3`,
      PatientID: patientId,
      Modality: 'OT',
      ...attributes,
    },
    ...(pixels === undefined ? [] : [pixels]),
  );
const gray = {
  SamplesPerPixel: 1,
  PhotometricInterpretation: 'MONOCHROME2',
  Rows: 8,
  Columns: 8,
  BitsAllocated: 8,
  BitsStored: 8,
  HighBit: 7,
  PixelRepresentation: 0,
};

beforeAll(async () => {
  app = await openApp();
  for (const [at, visit] of visits.entries()) {
    const objects = [await panoramic(visit, PANO)];
    for await (const photo of photos(visit, SMALL)) objects.push(photo);
    if (at === 0) {
      objects.push(await ceph(visit), scan(visit, 'upper'));
      for (const [n, exposure] of INTRAORAL_SURVEY.slice(0, 2).entries())
        objects.push(await intraoral(visit, exposure, n + 1));
    }
    await storeObjects(app.server, objects);
  }
  await storeObjects(app.server, [
    lone(
      '9001',
      { PatientName: HOSTILE, StudyDescription: HOSTILE, SeriesDescription: HOSTILE, ...gray },
      new Uint8Array(64),
    ),
    lone('9002', {
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.88.33',
      Modality: 'SR',
      PatientName: 'Only^Report',
      StudyDate: '20260101',
    }),
    lone(
      '9003',
      { PatientName: 'Broken^Image', StudyDate: '20260101', ...gray, Rows: 80 },
      new Uint8Array(64),
    ),
  ]);
  for (const text of ['AW-00001', '9001', '9002', '9003']) await settled(text);
}, 240_000);
afterAll(async () => await app.close());
beforeEach(async () => {
  tab = await app.openPage();
});
afterEach(async () => {
  expect(tab.complaints).toEqual([]);
  await tab.close();
});

/** How many pictures of the page are drawn, and how many are there. */
const pictures = async (within: string): Promise<{ drawn: number; all: number }> =>
  await tab.page.locator(within).evaluate((element) => {
    const all = [...element.querySelectorAll('img')];
    return {
      drawn: all.filter(({ complete, naturalWidth }) => complete && naturalWidth > 0).length,
      all: all.length,
    };
  });
const selected = async (): Promise<(string | null)[]> =>
  await tab.page
    .locator('[role=option][aria-selected=true]')
    .evaluateAll((options) => options.map((option) => option.getAttribute('aria-label')));

describe('patients', () => {
  it('are listed, found while typing, and opened with the keyboard alone', async () => {
    const { page } = tab;
    await tab.signIn('/patients');
    await page
      .getByRole('grid')
      .getByText('Ruiz, Camille')
      .or(page.getByRole('rowheader').first())
      .first()
      .waitFor();
    expect(await page.getByRole('rowheader').count()).toBe(4);
    await page.getByRole('searchbox').focus();
    await page.keyboard.type('report');
    await page.getByText('Nobody found').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.type('Only Report');
    await eventually(async () => await page.getByRole('rowheader').allTextContents()).toEqual([
      'OROnly, Report',
    ]);
    expect(new URL(page.url()).search).toBe('');
    await page.getByRole('grid').focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/patients/${await patientOf('9002')}`);
    await page.getByRole('heading', { level: 1, name: 'Report Only' }).waitFor();
  });
});

describe('a patient', () => {
  it('has a timeline to compare on: A and B by mouse and by keys, kept in the address', async () => {
    const { page } = tab;
    const patientId = await patientOf('AW-00001');
    const { studies } = await timelineOf(patientId);
    const [last, middle, first] = studies;
    await tab.signIn(`/patients/${patientId}`);
    await page.getByRole('listbox', { name: 'Imaging timeline' }).waitFor();
    await eventually(async () => await pictures('[role=listbox]')).toEqual({ drawn: 12, all: 12 });
    expect(await selected()).toEqual([
      expect.stringMatching(/^Initial, day 0, .*shown as A$/),
      expect.stringMatching(/^Progress 2, day .*shown as B$/),
    ]);
    await page.getByRole('option', { name: /^Progress 1/ }).click({ modifiers: ['Shift'] });
    const address = () => new URL(page.url()).search;
    await eventually(address).toBe(`?a=${middle?.studyId}&b=${last?.studyId}`);
    await page.getByRole('listbox').focus();
    for (const key of ['Home', 'b']) await page.keyboard.press(key);
    await eventually(address).toBe(`?a=${middle?.studyId}&b=${first?.studyId}`);
    await page.reload();
    await page.getByRole('listbox').waitFor();
    expect(await selected()).toEqual([
      expect.stringMatching(/^Initial, .*shown as B$/),
      expect.stringMatching(/^Progress 1, .*shown as A$/),
    ]);
    await page.getByRole('listbox').focus();
    for (const key of ['Home', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
    await page.waitForURL(`**/studies/${middle?.studyId}`);
  });

  it('compares the same view with a slider and side by side, zoomed together', async () => {
    const { page } = tab;
    await tab.signIn(`/patients/${await patientOf('AW-00001')}`);
    const compare = page.getByRole('region', { name: 'Compare' });
    const stage = compare.getByRole('group', { name: /^Frontal: Initial · day 0 and Progress 2/ });
    await stage.waitFor();
    await compare.getByRole('slider').focus();
    await page.keyboard.press('ArrowRight');
    expect(await compare.getByRole('slider').inputValue()).toBe('51');
    await page.keyboard.press('+');
    const transforms = async () =>
      await stage
        .locator('[style*=translate]')
        .evaluateAll((all) => all.map((each) => each.getAttribute('style')));
    const [one, other] = await transforms();
    expect(one).toContain('scale(1.4)');
    expect(other).toBe(one);
    await compare.getByRole('radio', { name: 'Side by side' }).click();
    await stage.focus();
    for (const key of ['+', '+', 'ArrowLeft']) await page.keyboard.press(key);
    const [left, right] = await transforms();
    expect(left).toContain('translate(12%, 0%)');
    expect(right).toBe(left);
    await compare.getByRole('button', { name: /^Panoramic/ }).click();
    await compare.getByRole('group', { name: /^Panoramic: / }).waitFor();
    expect(await compare.getByText('only in A').count()).toBe(3);
    expect(await compare.getByRole('link', { name: 'Open both in viewer' }).getAttribute('href')).toMatch(
      /^\/viewer\/ortho\?StudyInstanceUIDs=[\d.]+,[\d.]+$/,
    );
  });

  it('shows images that arrive while it is open', async () => {
    const { page } = tab;
    const patientId = await patientOf('AW-00001');
    await tab.signIn(`/patients/${patientId}`);
    await page.getByRole('option').nth(2).waitFor();
    const [, , , late] = treatmentHistory(1, 3);
    if (late === undefined) throw new Error('There are four visits.');
    await storeObjects(app.server, [await panoramic({ ...late, name: 'late', StudyDate: '20270101' }, PANO)]);
    const option = page.getByRole('option', { name: /^Progress 3/ });
    await option.waitFor();
    await option.locator('img').waitFor();
  });

  it('is shown whatever the images say, and nothing of it runs', async () => {
    const { page } = tab;
    await tab.signIn(`/patients/${await patientOf('9001')}`);
    await page.getByRole('option').waitFor();
    expect(await page.locator('h1').textContent()).toBe(
      `<b>{plural, select}</b> "><script>alert(1)</script>`,
    );
    expect(await page.locator('main script, main b b').count()).toBe(0);
    await page.goto(`/patients/${await patientOf('9002')}`);
    await page.getByText('No pictures to compare').waitFor();
    await page.goto(`/patients/${await patientOf('9003')}`);
    await page.getByRole('region', { name: 'Images' }).getByText('Damaged image').first().waitFor();
    await page.goto('/patients/0190c0de-0000-7000-8000-000000000000');
    await page.getByRole('alert').getByText('This is not here any more').waitFor();
  });

  it.each([
    ['fr-FR', 'Chronologie des images', 'Comparer'],
    ['es-ES', 'Cronología de imágenes', 'Comparar'],
  ])('speaks %s', async (locale, timeline, compare) => {
    await tab.close();
    tab = await app.openPage({ locale });
    await tab.signIn(`/patients/${await patientOf('AW-00001')}`);
    await tab.page.getByRole('listbox', { name: timeline }).waitFor();
    await tab.page.getByRole('region', { name: compare }).getByRole('group').first().waitFor();
    await tab.screenshot(`patient-${locale}`);
    await tab.expectAxeClean();
  });

  it('is accessible and fits in both themes and at both widths, as cards and as a table', async () => {
    const { page } = tab;
    await tab.signIn(`/patients/${await patientOf('AW-00001')}`);
    await page.getByRole('region', { name: 'Compare' }).getByRole('slider').waitFor();
    await tab.eachLook(async (theme, width) => {
      await tab.screenshot(`patient-${width}-${theme}`);
      await tab.expectAxeClean();
    });
    await page.getByRole('button', { name: 'Show as a table' }).click();
    await page.getByRole('grid', { name: 'Imaging timeline' }).waitFor();
    await tab.eachLook(async (theme, width) => {
      await tab.screenshot(`patient-table-${width}-${theme}`);
      await tab.expectAxeClean();
    });
    await page.goto('/patients');
    await page.getByRole('rowheader').first().waitFor();
    await tab.eachLook(async (theme, width) => {
      await tab.screenshot(`patients-${width}-${theme}`);
      await tab.expectAxeClean();
    });
  });
});

describe('on paper', () => {
  it('a timeline and a study stand without the controls of the screen, whole', async () => {
    const { page } = tab;
    const patientId = await patientOf('AW-00001');
    await tab.signIn(`/patients/${patientId}`);
    await page.getByRole('region', { name: 'Compare' }).getByRole('slider').waitFor();
    expect(await tab.print('print-patient')).toEqual([]);
    const study = (await timelineOf(patientId)).studies.at(-1);
    await page.goto(`/studies/${study?.studyId}`);
    await page.getByRole('button', { name: 'Panoramic, image 1' }).locator('img').waitFor();
    expect(await tab.print('print-study')).toEqual([]);
  });
});

describe('a study', () => {
  it('is looked through image by image with the keyboard, in full resolution, with what each says', async () => {
    const { page } = tab;
    const { studies } = await timelineOf(await patientOf('AW-00001'));
    const study = studies.at(-1);
    await tab.signIn(`/studies/${study?.studyId}`);
    const panoramicButton = page.getByRole('button', { name: 'Panoramic, image 1' });
    await panoramicButton.waitFor();
    await panoramicButton.focus();
    await page.keyboard.press('Enter');
    const viewer = page.getByRole('dialog', { name: 'Panoramic, image 1' });
    await viewer.getByText('580 × 300 pixels').waitFor();
    await viewer.getByText('Uncalibrated').waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('dialog', { name: /^Periapical/ }).waitFor();
    await page.keyboard.press('ArrowLeft');
    await viewer.waitFor();
    await viewer.getByRole('button', { name: 'Original attributes' }).click();
    await viewer.getByRole('searchbox').fill('patientname');
    await viewer.getByText('Ruiz^').or(viewer.locator('dd')).first().waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      viewer.getByRole('link', { name: 'Download original' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^[\d.]+\.dcm$/);
    await tab.screenshot('image-viewer');
    await tab.expectAxeClean();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('');
  });

  it('zooms to every pixel', async () => {
    const { page } = tab;
    const { studies } = await timelineOf(await patientOf('AW-00001'));
    const study = await api().call(patientsApi.study, { params: { id: studies.at(-1)?.studyId ?? '' } });
    const image = study.series.flatMap(({ images }) => images).find(({ view }) => view === 'ceph-lateral');
    await tab.signIn(`/studies/${study.studyId}?image=${image?.instanceId}`);
    const viewer = page.getByRole('dialog');
    await viewer.locator('img').first().waitFor();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    const box = await viewer.locator('img').first().boundingBox();
    await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2);
    for (let turn = 0; turn < 6; turn += 1) await page.mouse.wheel(0, -400);
    await eventually(() => asked.some((path) => path.endsWith('/display'))).toBe(true);
    await eventually(
      async () =>
        await viewer
          .locator('img')
          .last()
          .evaluate((img) => (img as HTMLImageElement).naturalWidth),
    ).toBe(image?.picture?.width);
  });

  it('is accessible and fits in both themes and at both widths', async () => {
    const { studies } = await timelineOf(await patientOf('AW-00001'));
    await tab.signIn(`/studies/${studies.at(-1)?.studyId}`);
    await tab.page.getByRole('button', { name: 'Panoramic, image 1' }).waitFor();
    await tab.eachLook(async (theme, width) => {
      await tab.screenshot(`study-${width}-${theme}`);
      await tab.expectAxeClean();
    });
  });
});
