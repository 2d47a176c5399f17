import { ADMINISTRATOR } from '@archwire/test-data/processes';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

/** Debian's Chromium. */
export const openChromium = async (): Promise<Browser> =>
  await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });

/** A browser that was never here: nothing cached, nobody signed in. */
export const newVisitor = async (browser: Browser, baseURL: string): Promise<BrowserContext> => {
  const context = await browser.newContext({ baseURL, viewport: { width: 1440, height: 900 } });
  await context.addInitScript(WATCH);
  return context;
};

/** Signs in as the first administrator and stops at `to`. */
export const signIn = async (context: BrowserContext, to: string): Promise<Page> => {
  const page = await context.newPage();
  await page.goto(`/sign-in?return=${encodeURIComponent(to)}`);
  await page.locator('input[name=email]').fill(ADMINISTRATOR.email);
  await page.locator('input[name=password]').fill(ADMINISTRATOR.password);
  await page.locator('[type=submit]').click();
  await page.waitForURL((url) => url.pathname === to);
  return page;
};

/**
 * Notes, in the page's own clock (ms since navigation), frame by frame: when each picture was first seen whole, and
 * every long task and frame. `watch.pictures()` answers those that stand in the window now.
 */
const WATCH = `
  window.watch = (() => {
    const whole = new Map(), tasks = [], frames = [];
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) tasks.push([startTime, duration]);
    }).observe({ type: 'longtask', buffered: true });
    let before = performance.now();
    const look = () => {
      const now = performance.now();
      frames.push([now, now - before]);
      before = now;
      for (const img of document.images)
        if (img.complete && img.naturalWidth > 0 && !whole.has(img)) whole.set(img, now);
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
    const inWindow = (img) => {
      const box = img.getBoundingClientRect();
      return box.width > 0 && box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
    };
    return {
      tasks,
      frames,
      pictures: () => [...document.images].filter(inWindow).map((img) => whole.get(img) ?? null),
    };
  })();`;

/** One value computed in the page. */
export const ask = async <T>(page: Page, expression: string): Promise<T> =>
  await page.evaluate<T>(expression);

/** Looks at every frame until the expression is neither false nor null nor undefined; answers it. */
export const until = async <T>(page: Page, expression: string): Promise<T> =>
  await ask<T>(
    page,
    `new Promise((resolve) => {
      const look = () => {
        const found = ${expression};
        if (found === false || found === null || found === undefined) requestAnimationFrame(look);
        else resolve(found);
      };
      look();
    })`,
  );
