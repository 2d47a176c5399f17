// Real: Chromium, OHIF as assembled, its decoders, our extension and mode, the policy of dist/csp.json.
// Stand-in: the server, with generated studies.
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ENCODINGS } from './testing/gradient.ts';
import { startStandIn, studyUid, type StandIn } from './testing/stand-in-server.ts';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
];

let server: StandIn;
let browser: Browser;
let page: Page;
let foreign: string[];
let policy: string[];

beforeAll(async () => {
  server = await startStandIn();
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

beforeEach(async () => {
  Object.assign(server.answers, { refresh: 200, frames: 200, dicomweb: 200 });
  server.requests.length = 0;
  foreign = [];
  policy = [];
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US' });
  page = await context.newPage();
  page.on('request', (request) => {
    const url = new URL(request.url());
    const own = url.origin === server.url || url.protocol === 'blob:' || url.protocol === 'data:';
    if (!own) foreign.push(request.url());
  });
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) policy.push(message.text());
  });
  return () => context.close();
});

const failed = () => page.locator('[data-archwire-failed]');
const study = (index: number) => `${server.url}/viewer/ortho?StudyInstanceUIDs=${studyUid(index)}`;

/** Grey values along the middle row of the shown image, at 1/8, 3/8, 5/8 and 7/8 of its width. */
function greyLevels(): Promise<number[]> {
  return page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('canvas.cornerstone-canvas');
    const context = canvas?.getContext('2d');
    if (!canvas || !context) return [];
    const { width, height } = canvas;
    const left = (width - height) / 2;
    return [1, 3, 5, 7].map((eighth) => {
      const x = Math.round(left + (height * eighth) / 8);
      return context.getImageData(x, Math.round(height / 2), 1, 1).data[0] ?? -1;
    });
  });
}

describe('the assembled viewer', () => {
  it('lists studies under our name and opens one with our mode', async () => {
    await page.goto(`${server.url}/viewer/`);
    expect(await page.getByTestId('archwire-logo').textContent()).toBe('Archwire');
    await page.getByText('Gradient, Number0').click();
    await page
      .getByRole('button', { name: 'Ortho' })
      .or(page.getByText('Ortho', { exact: true }))
      .first()
      .click();
    await page.waitForURL('**/viewer/ortho?*');
    await page.getByText('mm at the detector, not calibrated').waitFor();
    expect(new URL(page.url()).searchParams.get('StudyInstanceUIDs')).toBe(studyUid(0));
    expect(await page.locator('html').getAttribute('data-archwire-extension')).toBe(
      '@archwire/extension-ortho',
    );
    expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(
      0,
    );
    expect(server.requests.filter(({ authorization }) => authorization !== 'Bearer stand-in')).toEqual([]);
    expect({ foreign, policy }).toEqual({ foreign: [], policy: [] });
  });

  it.each(ENCODINGS.map(({ name }, index) => ({ name, index })))(
    'shows the right pixels of $name under the strict policy',
    async ({ index }) => {
      await page.goto(study(index));
      await expect.poll(greyLevels, { timeout: 30_000 }).toSatisfy((levels: number[]) => {
        const wanted = [32, 96, 160, 224];
        return levels.length === 4 && levels.every((grey, at) => Math.abs(grey - (wanted[at] ?? 0)) <= 6);
      });
      expect(await failed().count()).toBe(0);
      expect({ foreign, policy }).toEqual({ foreign: [], policy: [] });
    },
  );

  it('says whose study is open, leads back to both pages by mouse and by keys, and leaks no style', async () => {
    await page.goto(study(0));
    const back = page.getByRole('navigation', { name: 'Back to the patient' });
    const timeline = back.getByRole('link', { name: 'Back to the timeline of <b>Number</b> Gradient' });
    await timeline.waitFor();
    expect(await back.getByRole('link').allTextContents()).toEqual([
      '<b>Number</b> Gradient',
      'Progress 2 · Jan 2, 2026 · day 412',
    ]);
    expect(await timeline.getAttribute('href')).toBe('/patients/patient-1?b=study-1');
    await page.screenshot({ path: 'screenshots/viewer-back.png' });
    // Our sheet is adopted by shadow roots alone, and none of our tokens reaches OHIF's page.
    expect(
      await page.evaluate(() => [
        document.adoptedStyleSheets.length,
        getComputedStyle(document.documentElement).getPropertyValue('--accent-soft'),
        [...document.querySelectorAll('link[rel=stylesheet]')].filter((link) =>
          link.getAttribute('href')?.includes('extension-ortho'),
        ).length,
      ]),
    ).toEqual([0, '', 0]);
    await timeline.focus();
    await page.keyboard.press('Tab');
    const focused = () =>
      page.evaluate(() => {
        let element = document.activeElement;
        while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
        return element?.getAttribute('href') ?? element?.tagName ?? '';
      });
    expect(await focused()).toBe('/studies/study-1');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/studies/study-1');
    await page.goBack();
    await timeline.waitFor();
    // A press on it is not taken for one on OHIF's own way back to its list.
    await timeline.click();
    await page.waitForURL('**/patients/patient-1?b=study-1');
    expect({ foreign, policy }).toEqual({ foreign: [], policy: [] });
  });

  it('says so over the viewport and in a notification when the pixels do not come', async () => {
    server.answers.frames = 500;
    await page.goto(study(0));
    await failed().waitFor();
    expect(await failed().textContent()).toBe(
      'This image could not be shown. What you see is NOT the image.',
    );
    await page.getByText('The server answered 500. Reload; if it stays, tell your administrator.').waitFor();
  });

  it('leaves for sign-in without a session, and asks for no data', async () => {
    server.answers.refresh = 401;
    await page.goto(study(1));
    await page.waitForURL('**/sign-in?return=*');
    expect(new URL(page.url()).searchParams.get('return')).toBe(
      `/viewer/ortho?StudyInstanceUIDs=${studyUid(1)}`,
    );
    expect(server.requests).toEqual([]);
  });

  it('leaves for sign-in when the session ends while the study list is open', async () => {
    await page.goto(`${server.url}/viewer/`);
    await page.getByText('Gradient, Number0').waitFor();
    Object.assign(server.answers, { refresh: 401, dicomweb: 401 });
    await page.getByText('Gradient, Number1').click();
    await page.waitForURL('**/sign-in?return=*');
    expect(new URL(page.url()).searchParams.get('return')).toBe('/viewer/');
  });
});
