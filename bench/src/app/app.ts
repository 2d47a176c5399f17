import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startArchwire, temporaryFolder } from '@archwire/test-data/processes';
import { sayPart } from '../measure/say-part.ts';
import { markdownTable } from '../measure/table.ts';
import { measureArrival } from './arrival.ts';
import { openChromium } from './browser.ts';
import { measureFirstVisit } from './first-visit.ts';
import { measurePatientPage } from './patient-page.ts';
import { measureStudyListOnScreen } from './study-list.ts';

/** `npm run bench -- app`: what a person waits for in the app, in Chromium, with the whole server on the same machine. */
export const app = async (): Promise<{ readonly table: string; readonly figures: unknown }> => {
  const folder = await temporaryFolder();
  const browser = await openChromium();
  const archwire = await startArchwire({
    dataDir: join(folder, 'archwire'),
    env: { ARCHWIRE_SETTLE_IDLE_SECONDS: '2' },
  });
  try {
    const visit = sayPart('first visit', await measureFirstVisit(browser, archwire.url));
    const patient = sayPart('patient page', await measurePatientPage(folder, archwire, browser));
    const arrival = sayPart('arrival', await measureArrival(folder, archwire, browser));
    await archwire.stop();
    const list = sayPart('study list', await measureStudyListOnScreen(browser));
    const ms = (value: number): string => `${value.toFixed(0)} ms`;
    const row = (what: string, measured: string, target: string, reached: boolean): string[] => [
      what,
      measured,
      target,
      reached ? 'yes' : 'no',
    ];
    const table = markdownTable(
      ['what', 'measured', 'target', 'reached'],
      [
        row(
          'script of the first page, as transferred',
          `${visit.scriptKilobytes.toFixed(0)} KB`,
          '≤ 300 KB',
          visit.scriptKilobytes <= 300,
        ),
        row(
          'first visit: interactive (first paint)',
          `${ms(visit.interactiveMs)} (${ms(visit.firstPaintMs)})`,
          '≤ 2 s',
          visit.interactiveMs <= 2000,
        ),
        row(
          'patient with 60 studies and 420 pictures: first picture',
          ms(patient.firstMs),
          '≤ 500 ms',
          patient.firstMs <= 500,
        ),
        row(
          `the same: all ${patient.pictures} in the window`,
          ms(patient.allMs),
          '≤ 1 s',
          patient.allMs <= 1000,
        ),
        row('received → row in the open study list', ms(arrival.rowMs), '≤ 1.5 s', arrival.rowMs <= 1500),
        row('received → its picture there', ms(arrival.pictureMs), '', true),
        row(
          `1,000,000 studies: last letter typed → rows, p50 / p95 of ${list.searches}`,
          `${ms(list.p50)} / ${ms(list.p95)}`,
          'p95 ≤ 300 ms',
          list.p95 <= 300,
        ),
        row(
          'scrolling them: p95 and longest time between frames',
          `${ms(list.frameP95)}, ${ms(list.longestFrame)}`,
          'never janks',
          list.longestFrame <= 100,
        ),
      ],
    );
    return { table, figures: { visit, patient, arrival, list } };
  } finally {
    await browser.close();
    await archwire.stop();
    await rm(folder, { recursive: true, force: true });
  }
};
