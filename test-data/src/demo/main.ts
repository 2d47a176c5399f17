import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { anchorStudy, clinicVisits, type ClinicSize, type Visit } from './clinic.ts';
import { ApiRefusal, type DemoApi, signIn } from './demo-api.ts';
import { ensureServer, type DemoServer } from './ensure-server.ts';
import { fillClinic } from './fill-clinic.ts';
import { findStudies } from './find-studies.ts';
import { knockUnregistered } from './refused-device.ts';
import { makeUploadKey, setUpGroup, USERS } from './set-up-group.ts';

const HELP = `Fills a demonstration clinic: two locations, six devices, forty patients.

  npm run demo                  fills the running server, or starts one and leaves it running
  npm run demo -- --small       four patients only
  npm run demo -- --totp CODE   the six-digit code, when the administrator has a second factor
  npm run demo -- --stop        ends a server that was started here, when the clinic is filled

The server is found by ARCHWIRE_BIND, ARCHWIRE_HTTP_PORT, ARCHWIRE_DIMSE_PORT and ARCHWIRE_AE_TITLE; the demonstration signs in
with ARCHWIRE_ADMIN_EMAIL and ARCHWIRE_ADMIN_PASSWORD. Running it again sends only what is missing.`;

const DAY = 86_400_000;
/** Without a sign-in an earlier run cannot be asked for its day, so it is always the same. */
const UNKNOWN_DAY = new Date(Date.UTC(2026, 10, 20));
const say = (text: string): void => console.log(text);

const midnight = (time: number): Date => new Date(Math.floor(time / DAY) * DAY);

/** The last day of the clinic: of the first run, when there was one, so that the same images come and are recognised. */
const clinicDay = async ({ url }: DemoServer, api: DemoApi): Promise<Date> => {
  const { studyUid, daysBeforeToday } = anchorStudy();
  const date = (await findStudies(url, api.authorization, [studyUid])).get(studyUid)?.date;
  if (date === undefined || date === '') return midnight(Date.now());
  const day = Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6, 8)));
  return new Date(day + daysBeforeToday * DAY);
};

const missing = async ({ url }: DemoServer, api: DemoApi, visits: readonly Visit[]): Promise<Visit[]> => {
  const stored = await findStudies(
    url,
    api.authorization,
    visits.map(({ studyUid }) => studyUid),
  );
  return visits.filter(({ studyUid, objects }) => (stored.get(studyUid)?.instances ?? 0) < objects);
};

const untilIndexed = async (server: DemoServer, api: DemoApi, visits: readonly Visit[]): Promise<void> => {
  for (let attempt = 0; attempt < 120; attempt += 1) {
    if ((await missing(server, api, visits)).length === 0) return;
    await sleep(500);
  }
  throw new Error('Not everything that was sent is listed after a minute. Look at /readyz of the server.');
};

const signInOrExplain = async ({ url, credentials }: DemoServer): Promise<DemoApi | null> => {
  if (credentials !== null) return await signIn(url, credentials);
  say(
    'No sign-in was given, so only images are sent, as devices of this machine. Set ARCHWIRE_ADMIN_PASSWORD (and ARCHWIRE_ADMIN_EMAIL) to get devices, users and uploads too.',
  );
  return null;
};

/** On a slow machine the clinic takes longer than an access token lasts. A code of an authenticator works once only. */
const signInAgain = async ({ url, credentials }: DemoServer, api: DemoApi): Promise<DemoApi> =>
  credentials === null || credentials.totp !== undefined ? api : await signIn(url, credentials);

const setUp = async (api: DemoApi, server: DemoServer): Promise<void> => {
  const { made, skipped } = await setUpGroup(api, server.url, server.credentials?.password ?? '');
  if (made.length > 0) say(`Made: ${made.join(', ')}.`);
  if (skipped.length > 0) say(`There already, skipped: ${skipped.join(', ')}.`);
};

const farewell = ({ url, target, credentials, started }: DemoServer, stops: boolean): string =>
  [
    '',
    'The clinic is filled.',
    '',
    `  Open         ${url}/`,
    ...(credentials === null
      ? []
      : [
          `  Sign in      ${credentials.email}`,
          `  Password     ${process.env['ARCHWIRE_ADMIN_PASSWORD'] === undefined ? credentials.password : 'the one of ARCHWIRE_ADMIN_PASSWORD'}`,
          `  Other people ${USERS.map(({ email, role }) => `${email} (${role})`).join('\n               ')}`,
          '               with the same password, when they were made by this demonstration',
        ]),
    `  Send DICOM   ${target.calledAe} at ${target.host}, port ${target.port}`,
    '',
    '  Look at      the patient Camille Ruiz: four visits over two years, a CBCT and two scans',
    '               the quarantine: four studies whose identity does not fit; one conflict; one refused device',
    ...(started && !stops ? ['', 'The server runs in this terminal; Ctrl C stops it.'] : []),
    '',
  ].join('\n');

const run = async (size: ClinicSize, totp: string | undefined, stops: boolean): Promise<void> => {
  const began = performance.now();
  const server = await ensureServer(totp);
  try {
    const api = await signInOrExplain(server);
    if (api !== null) await setUp(api, server);
    const visits = clinicVisits(api === null ? UNKNOWN_DAY : await clinicDay(server, api), size);
    const wanted = api === null ? visits : await missing(server, api, visits);
    if (wanted.length < visits.length)
      say(`There already, skipped: ${visits.length - wanted.length} of ${visits.length} studies.`);
    const uploads = wanted.some(({ sendings }) => sendings.some(({ by }) => by === 'upload'));
    const uploadKey = api !== null && uploads ? await makeUploadKey(api) : null;
    const { objects, bytes } = await fillClinic(wanted, { ...server, uploadKey });
    await knockUnregistered(server.target);
    if (api !== null) await untilIndexed(server, await signInAgain(server, api), wanted);
    say(
      `${wanted.length} studies, ${objects} images, ${(bytes / 1e6).toFixed(0)} MB in ${((performance.now() - began) / 1000).toFixed(0)} s.`,
    );
    say(farewell(server, stops));
  } finally {
    if (stops) await server.stop();
  }
};

const { values } = parseArgs({
  options: {
    small: { type: 'boolean', default: false },
    totp: { type: 'string' },
    stop: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) say(HELP);
else {
  try {
    await run(values.small ? 'small' : 'full', values.totp, values.stop);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const hint =
      error instanceof ApiRefusal && error.status === 401
        ? ' Set ARCHWIRE_ADMIN_EMAIL and ARCHWIRE_ADMIN_PASSWORD to an administrator of this server, and --totp to a code if needed.'
        : '';
    console.error(`\nThe demonstration stopped: ${why}${hint}\nRun it again to send what is missing.`);
    process.exitCode = 1;
  }
}
