import type { Browser } from 'playwright-core';
import { median } from '../measure/table.ts';
import { ask, newVisitor } from './browser.ts';

const ROUNDS = 5;
const QUIET_MS = 3000;

export interface FirstVisit {
  /** Of 1,024 bytes. */
  readonly scriptKilobytes: number;
  readonly firstPaintMs: number;
  /** First paint or the end of the last task above 50 ms, whichever is later. */
  readonly interactiveMs: number;
}

/** The first page of somebody who was never here, nothing cached: medians. */
export const measureFirstVisit = async (browser: Browser, url: string): Promise<FirstVisit> => {
  const visits: FirstVisit[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const context = await newVisitor(browser, url);
    const page = await context.newPage();
    await page.goto('/');
    await page.locator('input[name=email]').waitFor();
    await page.waitForTimeout(QUIET_MS);
    visits.push(
      await ask<FirstVisit>(
        page,
        `(() => {
          const paint = performance.getEntriesByName('first-contentful-paint')[0].startTime;
          const scripts = performance.getEntriesByType('resource').filter(({ name }) => /\\.js(\\?|$)/.test(name));
          return {
            scriptKilobytes: scripts.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0) / 1024,
            firstPaintMs: paint,
            interactiveMs: Math.max(paint, ...watch.tasks.map(([at, took]) => at + took)),
          };
        })()`,
      ),
    );
    await context.close();
  }
  const middle = (key: keyof FirstVisit): number => median(visits.map((visit) => visit[key]));
  return {
    scriptKilobytes: middle('scriptKilobytes'),
    firstPaintMs: middle('firstPaintMs'),
    interactiveMs: middle('interactiveMs'),
  };
};
