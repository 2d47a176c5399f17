// Real: the whole server with its PostgreSQL and workers, STOW-RS, Chromium.
import {
  deterministicUid,
  intraoral,
  INTRAORAL_SURVEY,
  panoramic,
  photos,
  treatmentHistory,
  writeObject,
} from '@archwire/test-data';
import { waitFor } from '@archwire/test-data/processes';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type App, type AppPage, openApp } from '../testing/open-app.ts';
import { storeObjects } from '../testing/store-objects.ts';

let app: App;
let tab: AppPage;

/** One small picture with whatever a device may write into the fields of the list. */
const small = (name: string, fields: Readonly<Record<string, unknown>> = {}): Buffer =>
  writeObject(
    {
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.7',
      SOPInstanceUID: deterministicUid(`${name}/1`),
      StudyInstanceUID: deterministicUid(name),
      SeriesInstanceUID: deterministicUid(`${name}/s`),
      PatientID: name,
      PatientName: 'Small^Object',
      PatientBirthDate: '20100101',
      PatientSex: 'O',
      StudyDate: '20200102',
      StudyTime: '101500',
      Modality: 'OT',
      InstanceNumber: 1,
      SamplesPerPixel: 1,
      PhotometricInterpretation: 'MONOCHROME2',
      Rows: 32,
      Columns: 32,
      BitsAllocated: 8,
      BitsStored: 8,
      HighBit: 7,
      PixelRepresentation: 0,
      ...fields,
    },
    Uint8Array.from({ length: 1024 }, (_, at) => (at * 7) % 256),
  );

const HOSTILE: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  [
    'hostile-script',
    { PatientName: '<script>alert(1)</script>^"><img onerror>', StudyDescription: '<b>bold</b>' },
  ],
  ['hostile-rtl', { PatientName: 'Evil\u202etxt.exe^Name', StudyDescription: '\u202eabc\u2066def' }],
  [
    'hostile-long',
    { PatientName: `${'Wolfeschlegelsteinhausen'.repeat(2)}^Hubert`, StudyDescription: 'pano '.repeat(12) },
  ],
  ['hostile-arabic', { PatientName: 'حداد^عمر', StudyDescription: 'صورة بانورامية' }],
  ['hostile-empty', { PatientName: '', PatientID: '', StudyDate: '', StudyTime: '', PatientBirthDate: '' }],
];

beforeAll(async () => {
  app = await openApp();
  for (const number of [1, 2, 3, 4, 5]) {
    for (const visit of treatmentHistory(number, 2, new Date(Date.UTC(2025, 8, number * 5)))) {
      await storeObjects(app.server, photos(visit, { rows: 200, columns: 300 }));
      if (visit.StudyDescription === 'Initial' && number < 3)
        await storeObjects(app.server, [await panoramic(visit)]);
      const [exposure] = INTRAORAL_SURVEY;
      if (visit.StudyDescription === 'Progress 1' && exposure !== undefined)
        await storeObjects(app.server, [await intraoral(visit, exposure, 1)]);
    }
  }
  await storeObjects(
    app.server,
    HOSTILE.map(([name, fields]) => small(name, fields)),
  );
}, 300_000);
afterAll(async () => await app.close());
beforeEach(async () => {
  tab = await app.openPage();
});
afterEach(async () => {
  expect(tab.complaints).toEqual([]);
  await tab.close();
});

const rows = () => tab.page.locator('[role=grid] [role=row][id]');
const names = async (): Promise<readonly string[]> =>
  await tab.page.locator('[role=rowheader] a').allTextContents();

it('shows every study with its picture, newest first, and says how many there are', async () => {
  await tab.signIn('/');
  await rows().first().waitFor();
  expect(await rows().count()).toBe(20);
  await tab.page.getByText('20 studies').waitFor();
  await waitFor('the pictures', async () =>
    tab.page.evaluate<boolean>(
      `[...document.querySelectorAll('[role=grid] img')].filter((img) => img.complete && img.naturalWidth > 0).length >= 12`,
    ),
  );
  await tab.eachLook(async (theme, width) => {
    await rows().first().waitFor();
    await tab.screenshot(`studies-${width}-${theme}`);
    await tab.expectAxeClean();
  });
});

it('finds by a few letters, keeps the words out of the address, and brings them back with the list', async () => {
  const { page } = tab;
  await tab.signIn('/');
  await rows().first().waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('oster cam');
  await page.getByText('3 studies').waitFor();
  expect(await names()).toEqual(['Østergård, Camille', 'Østergård, Camille', 'Østergård, Camille']);
  expect(page.url()).toBe(`${app.server.url}/`);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/studies/*');
  await page.goBack();
  await page.getByText('3 studies').waitFor();
  expect(await page.getByRole('searchbox').inputValue()).toBe('oster cam');
  await page.getByRole('searchbox').fill('AW-00003');
  await page.getByText('3 studies').waitFor();
  await waitFor('the other patient', async () => (await names()).every((name) => name.startsWith('Silva')));
  expect(await page.evaluate<string>('JSON.stringify([localStorage, sessionStorage])')).not.toMatch(
    /oster|AW-/,
  );
});

it('says what may have been meant, and leads back to all', async () => {
  const { page } = tab;
  await tab.signIn('/');
  await page.getByRole('searchbox').fill('nguyne');
  await page.getByText('No study matches').waitFor();
  await tab.eachLook(async (theme, width) => {
    await tab.screenshot(`studies-nothing-${width}-${theme}`);
    await tab.expectAxeClean();
  });
  await page.getByRole('button', { name: 'nguyen' }).click();
  await page.getByText('3 studies').waitFor();
  expect(await names()).toEqual(['Nguyen, Élodie', 'Nguyen, Élodie', 'Nguyen, Élodie']);
});

it('filters by chips that stand in the address as codes', async () => {
  const { page } = tab;
  await tab.signIn('/');
  await page.getByRole('button', { name: 'Modality' }).click();
  await page.getByRole('checkbox', { name: 'IO' }).click({ force: true });
  await page.getByText('5 studies').waitFor();
  await tab.screenshot('studies-chip-open');
  await page.keyboard.press('Escape');
  expect(new URL(page.url()).search).toBe('?modality=IO');
  await page.getByRole('button', { name: 'State' }).click();
  await page.getByRole('checkbox', { name: 'Quarantine' }).click({ force: true });
  await page.keyboard.press('Escape');
  await page.getByText('No study matches').waitFor();
  await page.goto('/?state=quarantined&modality=OT');
  await page.getByText('1 study').waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await page.getByText('20 studies').waitFor();
  await page.goto('/?modality=%3Cscript%3E&days=31&from=soon&location=x&sort=name');
  await page.getByText('20 studies').waitFor();
});

it('shows what a hostile device wrote as text, in its place', async () => {
  const { page } = tab;
  await tab.signIn('/?modality=OT');
  await page.getByText('5 studies').waitFor();
  const shown = await names();
  expect(shown).toContain('<script>alert(1)</script>, "><img onerror>');
  expect(shown.some((name) => /[\u202a-\u202e]/.test(name))).toBe(false);
  await tab.eachLook(async (theme, width) => {
    await rows().first().waitFor();
    const outside = await page.evaluate<number>(
      `[...document.querySelectorAll('[role=grid] [role=row][id]')].filter((row) =>
        [...row.querySelectorAll('bdi, span, time')].some((cell) => cell.getBoundingClientRect().right > row.getBoundingClientRect().right + 1)).length`,
    );
    expect(outside).toBe(0);
    await tab.screenshot(`studies-hostile-${width}-${theme}`);
    await tab.expectAxeClean();
  });
});

it('speaks French and Spanish', async () => {
  for (const [locale, title, count] of [
    ['fr-FR', 'Examens', '20 examens'],
    ['es-ES', 'Estudios', '20 estudios'],
  ] as const) {
    const other = await app.openPage({ locale });
    await other.signIn('/');
    await other.page.getByRole('heading', { name: title }).waitFor();
    await other.page.getByText(count).waitFor();
    await other.page.locator('[role=grid] [role=row][id]').first().waitFor();
    await other.eachLook(async (theme, width) => {
      if (theme === 'dark') return;
      await other.screenshot(`studies-${locale.slice(0, 2)}-${width}`);
      await other.expectAxeClean();
    });
    expect(other.complaints).toEqual([]);
    await other.close();
  }
});

it('shows a study that arrives while one looks, and tells who has scrolled', async () => {
  const { page } = tab;
  await page.setViewportSize({ width: 1440, height: 500 });
  await tab.signIn('/?sort=received');
  await rows().first().waitFor();
  await storeObjects(app.server, [small('live-1', { PatientName: 'Live^One' })]);
  await page
    .getByRole('link', { name: 'One, Live' })
    .or(page.locator('[role=rowheader] a', { hasText: 'Live' }))
    .first()
    .waitFor();
  await page.getByText('21 studies').waitFor();
  await page.locator('[role=grid]').evaluate((grid) => grid.scrollTo({ top: 400 }));
  await storeObjects(app.server, [small('live-2', { PatientName: 'Second^Two' })]);
  const pill = page.getByRole('button', { name: '1 new study' });
  await pill.waitFor();
  await tab.screenshot('studies-new');
  expect((await names()).some((name) => name.includes('Second'))).toBe(false);
  await pill.click();
  await page.locator('[role=rowheader] a', { hasText: 'Second' }).waitFor();
  expect((await names())[0]).toBe('Second, Two');
});
