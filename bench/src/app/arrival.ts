import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { panoramic, syntheticPatient, treatmentHistory } from '@archwire/test-data';
import type { Archwire } from '@archwire/test-data/processes';
import type { Browser } from 'playwright-core';
import { idle } from '../ingest/quiet.ts';
import { send } from '../ingest/send.ts';
import { median } from '../measure/table.ts';
import { newVisitor, signIn, until } from './browser.ts';

const ROUNDS = 5;

export interface Arrival {
  readonly rowMs: number;
  readonly pictureMs: number;
}

/** From the end of the sender's `dcmsend` of a panoramic until the open study list shows its row, and its picture: medians. */
export const measureArrival = async (
  folder: string,
  archwire: Archwire,
  browser: Browser,
): Promise<Arrival> => {
  const context = await newVisitor(browser, archwire.url);
  const page = await signIn(context, '/');
  await page.locator('[role=grid]').waitFor();
  const rows: number[] = [];
  const pictures: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const number = 800 + round;
    const [study] = treatmentHistory(number, 0, new Date());
    if (study === undefined) throw new Error('A history has a first visit.');
    const file = join(folder, `arrival-${round}.dcm`);
    await writeFile(file, await panoramic(study));
    await idle(archwire);
    await send(archwire, [[file]]);
    const from = performance.now();
    const row = page.locator('[role=grid] [role=row]', { hasText: syntheticPatient(number).PatientID });
    await row.waitFor();
    const rowMs = performance.now() - from;
    await row.locator('img').waitFor();
    await until<boolean>(page, 'watch.pictures().every((at) => at !== null)');
    // The first round warms up.
    if (round === 0) continue;
    rows.push(rowMs);
    pictures.push(performance.now() - from);
  }
  await context.close();
  return { rowMs: median(rows), pictureMs: median(pictures) };
};
