// Real: the whole server as `npm start` runs it, its PostgreSQL, Chromium, the built app under its security policy.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type App, openApp } from './open-app.ts';

let app: App;
beforeAll(async () => {
  app = await openApp();
});
afterAll(async () => await app.close());

it.each(['en-US', 'fr-FR', 'es-ES'])(
  'every page of the side bar is accessible, fits and says what it is in %s',
  async (locale) => {
    const tab = await app.openPage({ locale });
    const { page } = tab;
    await tab.signIn();
    const addresses = await page
      .locator('aside nav a')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
    expect(addresses.length).toBeGreaterThan(2);
    const wrong: string[] = [];
    const titles = new Set<string>();
    for (const address of addresses) {
      await page.goto(address);
      await page.locator('#content h1').waitFor();
      titles.add((await page.locator('#content h1').textContent()) ?? '');
      for (const [colorScheme, width, height] of [
        ['light', 1440, 900],
        ['dark', 390, 844],
      ] as const) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height });
        await tab.screenshot(`page${address.replaceAll('/', '-')}-${locale}-${width}-${colorScheme}`);
        await tab
          .expectAxeClean()
          .catch((error: Error) => wrong.push(`${address} ${width}: ${error.message}`));
      }
      await page.setViewportSize({ width: 1440, height: 900 });
    }
    expect(wrong).toEqual([]);
    expect(titles.size).toBe(addresses.length);
    expect(tab.complaints).toEqual([]);
    await tab.close();
  },
  240_000,
);
