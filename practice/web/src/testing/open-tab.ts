import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { ADMINISTRATOR } from '@archwire/test-data/processes';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

const SCREENSHOTS = path.resolve(import.meta.dirname, '../../../../screenshots');
/** How Chromium is started. */
export const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The widths that every page is looked at in: a desk and a telephone. */
export const WIDTHS = { desk: 1440, phone: 390 } as const;
export type Width = keyof typeof WIDTHS;
export type Theme = 'light' | 'dark';
/** At 96 dots to the inch, within the margins that browsers print with. */
const A4 = { width: 718, height: 1047 };
const HEIGHTS = { desk: 900, phone: 844 } as const;

export interface AppPage {
  readonly page: Page;
  /** Security policy violations, uncaught errors and errors on the console since the page opened. */
  readonly complaints: string[];
  /** Signs in through the sign-in page as the first administrator, and waits until the frame is there. */
  signIn(to?: string): Promise<void>;
  /** Draws the page as it stands in both themes and at both widths, and comes back to where it was. */
  eachLook(look: (theme: Theme, width: Width) => Promise<void>): Promise<void>;
  /** Writes `screenshots/NAME.png`. */
  screenshot(name: string): Promise<void>;
  /** Draws the page as it prints on a sheet of A4, whole, into `screenshots/NAME.png`; answers the controls that would be printed. */
  print(name: string): Promise<readonly string[]>;
  /** Throws with every violation of WCAG 2.2 AA and of axe's best practices, and when the page scrolls sideways. */
  expectAxeClean(): Promise<void>;
  close(): Promise<void>;
}

/** What Chromium says about answers that a test asked for. */
const EXPECTED = /Failed to load resource: the server responded with a status of (?:4\d\d|503)/;

/** A tab of its own, with an empty profile. */
export const openTab = async (
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<AppPage> => {
  const context = await browser.newContext({
    locale: 'en-US',
    viewport: { width: WIDTHS.desk, height: HEIGHTS.desk },
    baseURL: url,
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !EXPECTED.test(message.text())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => void complaints.push(error.message));

  return {
    page,
    complaints,
    signIn: async (to = '/') => {
      await page.goto(`/sign-in?return=${encodeURIComponent(to)}`);
      await page.locator('input[name=email]').fill(ADMINISTRATOR.email);
      await page.locator('input[name=password]').fill(ADMINISTRATOR.password);
      await page.locator('[type=submit]').click();
      await page.waitForURL((url) => url.pathname + url.search === to);
      await page.locator('#content').waitFor();
    },
    eachLook: async (look) => {
      const viewport = page.viewportSize();
      for (const width of ['desk', 'phone'] as const) {
        await page.setViewportSize({ width: WIDTHS[width], height: HEIGHTS[width] });
        for (const theme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme: theme });
          await look(theme, width);
        }
      }
      await page.emulateMedia({ colorScheme: 'light' });
      if (viewport !== null) await page.setViewportSize(viewport);
    },
    screenshot: async (name) => {
      await mkdir(SCREENSHOTS, { recursive: true });
      await page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`) });
    },
    print: async (name) => {
      const viewport = page.viewportSize();
      await page.setViewportSize(A4);
      await page.emulateMedia({ media: 'print' });
      await mkdir(SCREENSHOTS, { recursive: true });
      await page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`), fullPage: true });
      const controls = await page
        .locator('nav, aside, header:has(h1) button, [role=tablist], [role=toolbar]')
        .evaluateAll((all) =>
          all.filter((each) => each.checkVisibility()).map((each) => each.outerHTML.slice(0, 120)),
        );
      const wider = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      await page.emulateMedia({ media: null });
      if (viewport !== null) await page.setViewportSize(viewport);
      return wider > 0 ? [...controls, `${wider} px are cut off`] : controls;
    },
    expectAxeClean: async () => {
      // The protocol, unlike a script tag, needs no exception from the page's policy.
      await page.evaluate(axe.source);
      const violations = await page.evaluate<string[]>(`(async () => {
        const { violations } = await axe.run(document, {
          // Experimental: it takes the description of a menu item for a part of its name.
          rules: { 'label-content-name-mismatch': { enabled: false } },
          runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
        });
        return violations.flatMap(({ id, nodes }) =>
          nodes.map(({ html, failureSummary }) => id + ': ' + html.slice(0, 200) + ' ' + (failureSummary ?? '')));
      })()`);
      const wider = await page.evaluate<number>(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      if (wider > 0) violations.push(`the page is ${wider} px wider than the screen`);
      if (violations.length > 0) throw new Error(violations.join('\n'));
    },
    close: async () => await context.close(),
  };
};
