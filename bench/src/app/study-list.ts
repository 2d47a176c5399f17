import { startArchwire } from '@archwire/test-data/processes';
import type { Browser } from 'playwright-core';
import { percentile } from '../measure/table.ts';
import { seededFolder } from '../studies/seeded-folder.ts';
import { ask, newVisitor, signIn, until } from './browser.ts';

const SEARCHES = 40;
const WHEELS = 60;

export interface StudyListOnScreen {
  readonly searches: number;
  readonly p50: number;
  readonly p95: number;
  /** While scrolling: milliseconds between two frames. */
  readonly frameP95: number;
  readonly longestFrame: number;
}

const ROWS = `[...document.querySelectorAll('[role=grid] [role=row][id]')]`;

/** The study list of a million studies in Chromium: from the last letter of a family name to its first rows, and scrolling. */
export const measureStudyListOnScreen = async (browser: Browser): Promise<StudyListOnScreen> => {
  const server = await startArchwire({ dataDir: await seededFolder() });
  try {
    const context = await newVisitor(browser, server.url);
    const page = await signIn(context, '/');
    await page.locator('[role=grid] [role=row][id]').first().waitFor();
    const names = new Set<string>();
    await page.mouse.move(720, 500);
    const wheelFrom = await ask<number>(page, 'performance.now()');
    for (let n = 0; n < WHEELS; n += 1) {
      await page.mouse.wheel(0, 700);
      await page.waitForTimeout(50);
      if (n % 3 === 0)
        for (const name of await page.locator('[role=rowheader] a').allTextContents())
          names.add(name.split(',')[0]?.toLowerCase() ?? '');
    }
    const frames = await ask<number[]>(
      page,
      `watch.frames.filter(([at]) => at > ${wheelFrom + 50}).map(([, took]) => took)`,
    );
    await ask(page, `addEventListener('input', () => (window.typedAt = performance.now()), true)`);
    const took: number[] = [];
    for (const name of [...names].slice(0, SEARCHES)) {
      await page.getByRole('searchbox').fill('');
      await page.waitForTimeout(1000);
      await page.getByRole('searchbox').fill(name);
      took.push(
        await until<number>(
          page,
          `${ROWS}.length > 0 && ${ROWS}.every((row) => row.textContent.toLowerCase().includes(${JSON.stringify(name)})) && performance.now() - typedAt`,
        ),
      );
    }
    await context.close();
    return {
      searches: took.length,
      p50: percentile(took, 0.5),
      p95: percentile(took, 0.95),
      frameP95: percentile(frames, 0.95),
      longestFrame: Math.max(...frames),
    };
  } finally {
    await server.stop();
  }
};
