// Real: the whole server as `npm start` runs it, its PostgreSQL, DCMTK's storescu and storescp over DICOM, Chromium, the built app.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import path from 'node:path';
import { endProcess, freePort, waitFor } from '@archwire/test-data/processes';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type App, type AppPage, openApp } from '../testing/open-app.ts';
import { sendStudy } from '../testing/send-study.ts';

const HOSTILE = '"><img src=x onerror=alert(1)> ‮' + 'W'.repeat(60);
let app: App;
let tab: AppPage;
let scp: ChildProcess;
let scpPort: number;
let folder: string;

/** Another address of this machine: whoever comes from it is a stranger, unlike the loopback. */
const outside = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;

const knock = (callingAe: string, calledAe = 'ARCHWIRE'): Promise<boolean> =>
  sendStudy(
    { host: outside ?? '', port: app.server.dimsePort, callingAe, calledAe },
    { name: `from ${callingAe}` },
  ).then(
    () => true,
    () => false,
  );

beforeAll(async () => {
  app = await openApp({ ARCHWIRE_BIND: '0.0.0.0' });
  folder = await mkdtemp(path.join(tmpdir(), 'archwire-scp-'));
  scpPort = await freePort();
  scp = spawn('storescp', ['-od', folder, String(scpPort)], { stdio: 'ignore' });
  await waitFor('storescp', async () => {
    execFileSync('echoscu', ['127.0.0.1', String(scpPort)], { stdio: 'ignore' });
    return true;
  });
});
afterAll(async () => {
  await endProcess(scp);
  await rm(folder, { recursive: true, force: true });
  await app.close();
});
beforeEach(async () => {
  tab = await app.openPage();
});
afterEach(async () => {
  expect(tab.complaints).toEqual([]);
  await tab.close();
});

it('teaches when nothing is there, then lets in with one press who was refused at the door', async () => {
  const { page } = tab;
  await tab.signIn('/devices');
  await page.getByText('No device is registered yet').waitFor();
  await tab.eachLook(async (theme, width) => {
    await tab.screenshot(`devices-empty-${width}-${theme}`);
    await tab.expectAxeClean();
  });
  expect(await knock('PANO')).toBe(false);
  expect(await knock('PANO')).toBe(false);
  const waiting = page.getByRole('list', { name: 'Waiting at the door' });
  await waiting.getByText('PANO', { exact: true }).waitFor();
  await page
    .getByRole('link', { name: /Devices/ })
    .first()
    .getByLabel('1 waits')
    .waitFor();
  await tab.screenshot('devices-door');
  await waiting.getByRole('button', { name: 'Register' }).click();
  const dialog = page.getByRole('dialog');
  expect(await dialog.getByLabel('AE title', { exact: false }).first().inputValue()).toBe('PANO');
  expect(await dialog.getByLabel('Address', { exact: true }).inputValue()).toBe(outside);
  await dialog.getByLabel('Name').fill('Pano, room 2');
  await dialog.getByLabel('Kind').click();
  await page.getByRole('option', { name: 'Panoramic unit' }).click();
  await dialog.getByLabel('Host', { exact: true }).fill('127.0.0.1');
  await dialog.getByLabel('Port', { exact: true }).fill(String(scpPort));
  await tab.screenshot('devices-register');
  await tab.expectAxeClean();
  await dialog.getByRole('button', { name: 'Register' }).click();
  await page.getByText('Pano, room 2 may send now').waitFor();
  await page.getByText('Nobody was refused').waitFor();
  await page.getByText('Never seen').waitFor();
  expect(await knock('PANO')).toBe(true);
  await page
    .getByRole('button', { name: /Pano, room 2.*Seen.*1 image · 1 today/ })
    .waitFor({ timeout: 30_000 });
});

it('shows which services and images a device takes', async () => {
  const { page } = tab;
  await tab.signIn('/devices');
  await page.getByRole('button', { name: /Pano, room 2/ }).click();
  const drawer = page.getByRole('dialog', { name: 'Pano, room 2' });
  await drawer.getByRole('tab', { name: 'Test' }).click();
  await drawer.getByRole('button', { name: 'Ask what it accepts' }).click();
  await drawer.getByText('Images that it takes').waitFor();
  const answers = drawer.getByRole('listitem');
  await answers.filter({ hasText: 'Test of the connection' }).getByText('Yes').waitFor();
  await answers.filter({ hasText: 'Worklist (MWL)' }).getByText('No', { exact: true }).waitFor();
  await answers.filter({ hasText: 'Intraoral radiograph' }).getByText('uncompressed').waitFor();
  await tab.eachLook(async (theme, width) => {
    await tab.screenshot(`devices-capabilities-${width}-${theme}`);
    await tab.expectAxeClean();
  });
}, 240_000);

it('asks the device over DICOM and says in words what came of it', async () => {
  const { page } = tab;
  await tab.signIn('/devices');
  await page.getByRole('button', { name: /Pano, room 2/ }).click();
  const drawer = page.getByRole('dialog', { name: 'Pano, room 2' });
  await drawer.getByRole('tab', { name: 'Test' }).click();
  await drawer.getByRole('button', { name: 'Ask the device (C-ECHO)' }).click();
  await drawer.getByText(/It answers, in \d+ ms/).waitFor();
  await drawer.getByText(/OFFIS_DCMTK/).waitFor();
  await tab.screenshot('devices-echo');
  await tab.expectAxeClean();
  await drawer.getByRole('tab', { name: 'Device' }).click();
  await drawer.getByLabel('Port', { exact: true }).fill(String(await freePort()));
  await drawer.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Pano, room 2 was saved').waitFor();
  await drawer.getByRole('tab', { name: 'Test' }).click();
  await drawer.getByRole('button', { name: 'Ask the device (C-ECHO)' }).click();
  await drawer.getByText(/nothing listens at this port/).waitFor();
  await drawer.getByRole('tab', { name: 'Traffic' }).click();
  await drawer
    .getByText(/1 image,/)
    .first()
    .waitFor();
  await tab.screenshot('devices-traffic');
  await tab.expectAxeClean();
  await drawer.getByRole('tab', { name: 'Set it up' }).click();
  await drawer.getByText(outside ?? 'none', { exact: true }).waitFor();
  await drawer.getByText(String(app.server.dimsePort), { exact: true }).waitFor();
  await tab.eachLook(async (theme, width) => {
    await tab.screenshot(`devices-drawer-${width}-${theme}`);
    await tab.expectAxeClean();
  });
});

it('adds an archive that only receives as easily as a sensor', async () => {
  const { page } = tab;
  await tab.signIn('/devices');
  await page.getByRole('button', { name: 'Register a device' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Group VNA');
  await dialog.getByLabel('Kind').click();
  await page.getByRole('option', { name: 'Archive (PACS, VNA)' }).click();
  expect(await dialog.getByLabel(/^Fetch images/).isChecked()).toBe(true);
  await dialog.getByLabel('AE title', { exact: false }).first().fill('VNA');
  await dialog.getByLabel('Host', { exact: true }).fill('127.0.0.1');
  await dialog.getByLabel('Port', { exact: true }).fill(String(scpPort));
  for (const service of [
    'Store images',
    'Search',
    'Fetch images',
    'Worklist',
    'Report progress',
    'Storage commitment',
  ])
    await dialog.getByText(service, { exact: true }).click();
  await dialog.getByText('It may ask for nothing: it only receives what is sent to it.').waitFor();
  await tab.eachLook(async (theme, width) => {
    await tab.screenshot(`devices-archive-${width}-${theme}`);
    await tab.expectAxeClean();
  });
  await dialog.getByRole('button', { name: 'Register' }).click();
  await page.getByText('Group VNA was saved').waitFor();
});

it('shows what a device asked for and may not, and lets it with one press', async () => {
  const { page } = tab;
  const ask = () =>
    execFileSync(
      'findscu',
      [
        '-S',
        '-aet',
        'VNA',
        '-aec',
        'ARCHWIRE',
        '-k',
        'QueryRetrieveLevel=STUDY',
        '-k',
        'StudyInstanceUID',
        outside ?? '',
        String(app.server.dimsePort),
      ],
      { stdio: 'ignore' },
    );
  expect(ask).toThrow();
  await tab.signIn('/devices');
  const card = page.getByRole('button', { name: /Group VNA.*Asked for “Search”, which it may not/ });
  await card.waitFor({ timeout: 30_000 });
  await tab.screenshot('devices-denied');
  await card.click();
  const drawer = page.getByRole('dialog', { name: 'Group VNA' });
  await drawer.getByRole('tab', { name: /Refused/ }).click();
  await drawer
    .getByRole('list', { name: 'What it may not' })
    .getByText(/Asked for “Search”/)
    .waitFor();
  await tab.eachLook(async (theme, width) => {
    await tab.screenshot(`devices-denials-${width}-${theme}`);
    await tab.expectAxeClean();
  });
  await drawer.getByRole('button', { name: 'Allow it' }).click();
  await drawer.getByText('Nobody with this AE title or address was refused.').waitFor();
  ask();
});

it('keeps how long a device may be silent', async () => {
  const { page } = tab;
  await tab.signIn('/devices');
  await page.getByRole('button', { name: /Pano, room 2/ }).click();
  const drawer = page.getByRole('dialog', { name: 'Pano, room 2' });
  await drawer.getByRole('tab', { name: 'Traffic' }).click();
  await drawer.getByRole('button', { name: /Learned from its days/ }).click();
  await page.getByRole('option', { name: '14 days' }).click();
  await drawer.getByRole('button', { name: /14 days/ }).waitFor();
  await tab.screenshot('devices-silence');
  await tab.expectAxeClean();
  await page.reload();
  await page.getByRole('dialog').getByRole('tab', { name: 'Traffic' }).click();
  await page.getByRole('button', { name: /14 days/ }).waitFor();
});

it('lets a device in no more, and in again by the way back', async () => {
  const { page } = tab;
  await tab.signIn('/devices');
  await page.getByRole('button', { name: /Pano, room 2/ }).click();
  await page.getByRole('button', { name: 'Let it in no more' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Let it in no more' }).click();
  await page.getByText('Pano, room 2 is not let in any more').waitFor();
  expect(await knock('PANO')).toBe(false);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Pano, room 2 may send again').waitFor();
  expect(await knock('PANO')).toBe(true);
});

it('stays usable with hostile words and many at the door', async () => {
  const { page } = tab;
  await app.server.fetch('/api/v1/devices', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: HOSTILE, aeTitle: '<b>&"', notes: HOSTILE }),
  });
  for (let n = 0; n < 49; n += 1) {
    try {
      execFileSync('echoscu', ['-aet', `KNOCK${n}`, outside ?? '', String(app.server.dimsePort)], {
        stdio: 'ignore',
      });
    } catch {
      // Refused, as it should be.
    }
  }
  await tab.signIn('/devices');
  await page.getByText('KNOCK48', { exact: true }).waitFor();
  await page.getByLabel('AE title or address').fill('knock4');
  await page.getByText('KNOCK3', { exact: true }).waitFor({ state: 'detached' });
  expect(await page.getByRole('list', { name: 'Waiting at the door' }).getByRole('listitem').count()).toBe(
    10,
  );
  await page.getByRole('button', { name: 'Dismiss' }).first().click();
  await page.getByText('1 sender forgotten').waitFor();
});

it.each([
  ['en-US', 'Devices'],
  ['fr-FR', 'Appareils'],
  ['es-ES', 'Equipos'],
] as const)('is accessible and fits at both widths and in both themes: %s', async (locale, title) => {
  const other = await app.openPage({ locale });
  await other.signIn('/devices');
  await other.page.getByRole('heading', { name: title, level: 1 }).waitFor();
  await other.page.getByText('KNOCK3', { exact: true }).waitFor();
  await other.eachLook(async (theme, width) => {
    await other.screenshot(`devices-${locale}-${width}-${theme}`);
    await other.expectAxeClean();
  });
  expect(other.complaints).toEqual([]);
  await other.close();
});

it('forgets everyone at the door at once, after asking', async () => {
  const { page } = tab;
  await tab.signIn('/devices');
  await page.getByRole('button', { name: 'Dismiss all' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Dismiss all' }).click();
  await page.getByText('Nobody was refused').waitFor();
});

it('is worked by keys alone', async () => {
  const { page } = tab;
  await tab.signIn('/');
  await page.keyboard.press('g');
  await page.keyboard.press('d');
  await page.waitForURL('**/devices');
  await page.getByRole('heading', { name: 'Devices', level: 1 }).waitFor();
  await page.getByRole('list', { name: 'Devices' }).waitFor();
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog', { name: 'Register a device' });
  await dialog.waitFor();
  await dialog.getByLabel('Name').focus();
  await page.keyboard.type('Ceph');
  await page.keyboard.press('Enter');
  await dialog.getByText('Write this first.').waitFor();
  await dialog.getByLabel('AE title', { exact: false }).first().focus();
  await page.keyboard.type('CEPH');
  await page.keyboard.press('Enter');
  await page.getByText('Ceph may send now').waitFor();
});
