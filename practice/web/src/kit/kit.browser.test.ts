// Real: Chromium, the kit as Vite serves it in development. Stand-in: none; the page asks no server.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openKit } from '../testing/open-kit.ts';
import type { AppPage } from '../testing/open-tab.ts';

let kit: Awaited<ReturnType<typeof openKit>>;
let tab: AppPage;
beforeAll(async () => {
  kit = await openKit();
  tab = await kit.openPage();
});
afterAll(async () => await kit.close());
beforeEach(async () => {
  await tab.page.goto('/kit');
  await tab.page.getByRole('heading', { name: 'The kit' }).waitFor();
});
afterEach(() => expect(tab.complaints).toEqual([]));

describe('every component', () => {
  it('is accessible and fits in both themes and at both widths', async () => {
    for (const part of ['Controls', 'Content']) {
      await tab.page.getByRole('tab', { name: part }).click();
      await tab.eachLook(async (theme, width) => {
        await tab.page.screenshot({
          path: `screenshots/kit-${part.toLowerCase()}-${width}-${theme}.png`,
          fullPage: true,
        });
        await tab.expectAxeClean();
      });
    }
  });

  it.each(['Dialog', 'Drawer', 'Confirm with a reason', 'Menu', 'Popover', 'Toast of a failure', 'Taken on'])(
    'is accessible when open: %s',
    async (name) => {
      await tab.page
        .getByRole('button', { name: name === 'Taken on' ? /Taken on/ : name, exact: true })
        .click();
      await tab.eachLook(async (theme, width) => {
        await tab.screenshot(`kit-${name.toLowerCase().replaceAll(' ', '-')}-${width}-${theme}`);
        await tab.expectAxeClean();
      });
    },
  );
});

describe('a dialog', () => {
  it('keeps the focus inside, and gives it back when Escape closes it', async () => {
    const { page } = tab;
    await page.getByRole('button', { name: 'Dialog', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    for (let press = 0; press < 20; press += 1) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate("document.activeElement.closest('[role=dialog]') !== null")).toBe(true);
    }
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Dialog');
  });

  it('lets the mouse choose from a list over it', async () => {
    const { page } = tab;
    await page.getByRole('button', { name: 'Dialog', exact: true }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /Panoramic/ })
      .click();
    await page.getByRole('option', { name: 'Photographs' }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /Photographs/ })
      .waitFor();
  });

  it('asks for a reason before it does what cannot be undone', async () => {
    const { page } = tab;
    await page.getByRole('button', { name: 'Confirm with a reason' }).click();
    const reject = page.getByRole('button', { name: 'Reject' });
    expect(await reject.isDisabled()).toBe(true);
    await page.getByRole('textbox', { name: /Reason/ }).fill('Sent twice');
    await reject.click();
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
  });
});

describe('a form', () => {
  it('says what is wrong at the field, and what the server found', async () => {
    const { page } = tab;
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('textbox', { name: /Device name/ }).fill('taken');
    await page.getByRole('textbox', { name: 'Contact' }).fill('a@example.org');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('There is a device of this name.').waitFor();
    expect(await page.evaluate('document.activeElement.name')).toBe('name');
    await page.keyboard.type(' not');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved').waitFor();
  });
});

describe('a table of many rows', () => {
  it('draws only what is in sight, loads what is reached, and opens by keyboard', async () => {
    const { page } = tab;
    await page.getByRole('tab', { name: 'Content' }).click();
    const grid = page.getByRole('grid', { name: 'Many rows' });
    expect(await grid.getByRole('row').count()).toBeLessThan(40);
    await grid.focus();
    await page.keyboard.press('End');
    await page.getByText('5000 rows, 400 loaded').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByText('Opened Row 200').waitFor();
    expect(await grid.getByRole('row').count()).toBeLessThan(40);
  });
});

describe('a combo box', () => {
  it('finds by letters and says when nothing fits', async () => {
    const { page } = tab;
    const box = page.getByRole('combobox', { name: 'Patient' });
    await box.fill('oka');
    await page.getByRole('option', { name: /Okafor/ }).click();
    expect(await box.inputValue()).toBe('Okafor, Daniel');
    await box.fill('zzz');
    await page.getByText('Nothing fits').waitFor();
  });
});
