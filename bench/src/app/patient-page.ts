import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { photos, treatmentHistory } from '@archwire/test-data';
import type { Archwire } from '@archwire/test-data/processes';
import type { Browser } from 'playwright-core';
import { idle, settled } from '../ingest/quiet.ts';
import { send } from '../ingest/send.ts';
import { median } from '../measure/table.ts';
import { ask, newVisitor, signIn } from './browser.ts';

const STUDIES = 60;
const PICTURES_EACH = 7;
const ROUNDS = 5;
const QUIET_MS = 3000;

export interface PatientPage {
  readonly pictures: number;
  readonly firstMs: number;
  readonly allMs: number;
}

/** A patient with 60 studies of seven photographs each. */
const sendPatient = async (folder: string, archwire: Archwire): Promise<void> => {
  const input = join(folder, 'patient');
  await mkdir(input, { recursive: true });
  const files: string[] = [];
  for (const [visit, study] of treatmentHistory(
    700,
    STUDIES - 1,
    new Date(Date.UTC(2000, 0, 15)),
  ).entries()) {
    let n = 0;
    for await (const photo of photos(study, { rows: 320, columns: 480 })) {
      if (n === PICTURES_EACH) break;
      const file = join(input, `${visit}-${(n += 1)}.dcm`);
      await writeFile(file, photo);
      files.push(file);
    }
  }
  await send(archwire, [files]);
  await settled(archwire);
  await idle(archwire);
};

/** From the press on the patient's name in the study list until the pictures in the window are drawn, none of them cached: medians. */
export const measurePatientPage = async (
  folder: string,
  archwire: Archwire,
  browser: Browser,
): Promise<PatientPage> => {
  await sendPatient(folder, archwire);
  const rounds: PatientPage[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const context = await newVisitor(browser, archwire.url);
    const page = await signIn(context, '/patients');
    const patient = page.locator('a[href^="/patients/"]').first();
    await patient.waitFor();
    await page.waitForTimeout(QUIET_MS);
    await ask(page, `addEventListener('click', () => (window.pressedAt ??= performance.now()), true)`);
    await patient.click();
    await page.waitForURL(/\/patients\/.+/);
    await page.waitForTimeout(QUIET_MS);
    const seen = await ask<(number | null)[]>(
      page,
      `watch.pictures().map((at) => at === null ? null : at - pressedAt)`,
    );
    await context.close();
    const drawn = seen.filter((at) => at !== null);
    if (drawn.length === 0 || drawn.length < seen.length)
      throw new Error(`${seen.length - drawn.length} of ${seen.length} pictures were never drawn`);
    // The first round warms the server.
    if (round > 0)
      rounds.push({ pictures: drawn.length, firstMs: Math.min(...drawn), allMs: Math.max(...drawn) });
  }
  return {
    pictures: median(rounds.map(({ pictures }) => pictures)),
    firstMs: median(rounds.map(({ firstMs }) => firstMs)),
    allMs: median(rounds.map(({ allMs }) => allMs)),
  };
};
