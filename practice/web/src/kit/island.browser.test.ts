// Real: Chromium, the kit built as a library with one style sheet, shadow roots. Stand-in: the page of others, which
// draws our panel as React 18 would and whose styles are as loud as they can be.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { FLAGS } from '../testing/open-tab.ts';

const HOST_PAGE = `<!doctype html><html lang="en"><head><title>Host</title><style>
  * { letter-spacing: 2px; }
  button { background: red !important; text-transform: uppercase; border-radius: 0; }
  h2 { color: lime; font: 40px serif; }
  p { margin: 7px; }
</style></head><body><main><h1>Theirs</h1><h2>Panel</h2><p>Text <a href="#x">link</a></p><button>Theirs</button>
<ul><li>One</li></ul><img alt="" width="4" height="4"><div id="slot" style="width:300px;height:400px"></div></main></body></html>`;
/** What React 18 does with the element that our function returns. */
const MOUNT = `(async () => {
  const { SamplePanel } = await import('/panel.js');
  const element = SamplePanel({ title: 'Progress' });
  const host = document.createElement(element.type);
  Object.assign(host.style, element.props.style);
  document.getElementById('slot').append(host);
  element.ref(host);
  window.unmount = () => { element.ref(null); host.remove(); };
})()`;
const STYLES = `[...document.querySelectorAll('main, main > *, main > * > *')]
  .filter((element) => element.closest('#slot') === null)
  .map((element) => {
    const style = getComputedStyle(element);
    return ['color', 'backgroundColor', 'font', 'margin', 'padding', 'letterSpacing', 'textTransform', 'borderRadius',
      'boxSizing', 'display', 'listStyle'].map((name) => style[name]).join(' | ');
  })`;

let folder: string;
let server: Server;
let url: string;
let browser: Browser;
let page: Page;
const errors: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'archwire-island-'));
  await build({
    root: path.resolve(import.meta.dirname, '../..'),
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    // A test is no production to Vite, which would take React's development calls.
    oxc: { jsx: { runtime: 'automatic', development: false } },
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      outDir: folder,
      target: 'chrome123',
      cssCodeSplit: false,
      lib: {
        entry: { panel: path.resolve(import.meta.dirname, 'island-sample.tsx') },
        formats: ['es'],
        cssFileName: 'ui',
      },
    },
  });
  server = createServer((request, response) => {
    const name = (request.url ?? '/').slice(1);
    const type = name.endsWith('.css') ? 'text/css' : name.endsWith('.js') ? 'text/javascript' : 'text/html';
    const file = name === '' ? Promise.resolve(HOST_PAGE) : readFile(path.join(folder, path.basename(name)));
    file.then(
      (body) => response.setHeader('Content-Type', type).end(body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`;
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
});
afterAll(async () => {
  await browser.close();
  await new Promise((resolve) => void server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  page = await browser.newPage();
  errors.length = 0;
  page.on('pageerror', (error) => void errors.push(error.message));
  await page.goto(url);
});

it('leaves every style of the page alone, and keeps its own', async () => {
  const before = await page.evaluate(STYLES);
  await page.evaluate(MOUNT);
  await page.getByRole('button', { name: 'New order' }).waitFor();
  expect(await page.evaluate(STYLES)).toEqual(before);
  expect(
    await page.evaluate(`[[...document.styleSheets].map((sheet) => sheet.ownerNode.id), document.adoptedStyleSheets.length,
      getComputedStyle(document.documentElement).getPropertyValue('--accent')]`),
  ).toEqual([['react-aria-pressable-style', ''], 0, '']);
  const ours = page.getByRole('button', { name: 'New order' });
  expect(
    await ours.evaluate((button) => {
      const { backgroundColor, textTransform, letterSpacing, borderRadius, height } =
        getComputedStyle(button);
      return { backgroundColor, textTransform, letterSpacing, borderRadius, height };
    }),
  ).toEqual({
    backgroundColor: 'rgb(86, 199, 211)',
    textTransform: 'none',
    letterSpacing: 'normal',
    borderRadius: '8px',
    height: '30px',
  });
  // What the page says of all elements reaches the host of the panel, and must end there.
  expect(
    await page.getByText('Latex allergy').evaluate((status) => getComputedStyle(status).letterSpacing),
  ).toBe('normal');
  await page.screenshot({ path: 'screenshots/island.png' });
  expect(errors).toEqual([]);
});

it('lets the mouse choose from a list over a dialog, and Escape gives the focus back', async () => {
  await page.evaluate(MOUNT);
  const opener = page.getByRole('button', { name: 'New order' });
  await opener.click();
  const dialog = page.getByRole('dialog', { name: 'New order' });
  await dialog.getByRole('button', { name: /Panoramic/ }).click();
  await page.getByRole('option', { name: 'Photographs' }).click();
  await dialog.getByRole('button', { name: /Photographs/ }).waitFor();
  await page.screenshot({ path: 'screenshots/island-dialog.png' });
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  expect(await opener.evaluate((button) => button.matches(':focus'))).toBe(true);
  expect(errors).toEqual([]);
});

it('works by keyboard, and leaves nothing behind but its empty layer', async () => {
  await page.evaluate(MOUNT);
  await page.getByRole('button', { name: 'More' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Say so' }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByText('Said').waitFor();
  await page.evaluate('unmount()');
  await page.getByText('Said').waitFor({ state: 'detached' });
  expect(
    await page.evaluate("document.querySelector('[data-archwire-overlays]').shadowRoot.textContent"),
  ).toBe('');
  expect(errors).toEqual([]);
});
