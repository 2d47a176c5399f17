import { fullEndpoint } from '@archwire/contracts/api';
import { devicesApi } from '@archwire/contracts/api/devices';
import { usersApi } from '@archwire/contracts/api/users';
import { z } from 'zod';
import { ApiRefusal, choosePassword, type DemoApi } from './demo-api.ts';
import { DEVICES, SECOND_LOCATION, type Site } from './devices.ts';

/** The people of the demonstration, besides its administrator. */
export const USERS = [
  { email: 'amara.bell@northside.example', displayName: 'Dr. Amara Bell', role: 'orthodontist' },
  { email: 'louis.moreau@northside.example', displayName: 'Louis Moreau', role: 'hygienist' },
  { email: 'ines.salas@northside.example', displayName: 'Inés Salas', role: 'assistant' },
  { email: 'claire.fabre@northside.example', displayName: 'Claire Fabre', role: 'front-desk' },
  { email: 'tom.vance@referrals.example', displayName: 'Dr. Tom Vance', role: 'referring-reader' },
] as const;

const UPLOADER = 'Photo station';
const addLocation = fullEndpoint({
  method: 'post',
  path: '/locations',
  summary: '',
  body: z.strictObject({ name: z.string(), issuer: z.string() }),
  response: z.object({ id: z.string() }),
});

/** What was made and what was there already, in words for the person. */
export interface GroupReport {
  readonly made: readonly string[];
  readonly skipped: readonly string[];
}

/** A request whose thing is there already answers 409; anything else is thrown. */
const unlessThere = async (work: () => Promise<unknown>): Promise<boolean> => {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof ApiRefusal && error.status === 409) return false;
    throw error;
  }
};

/** `null`: this server knows one location only. */
const makeSecondLocation = async (api: DemoApi): Promise<string | null> => {
  try {
    return (await api.call(addLocation, { body: SECOND_LOCATION })).id;
  } catch (error) {
    if (error instanceof ApiRefusal && [404, 405].includes(error.status)) return null;
    throw error;
  }
};

/** Locations, devices and users of the group; what is there already stays as it is. `password` is what every new user gets. */
export const setUpGroup = async (api: DemoApi, url: string, password: string): Promise<GroupReport> => {
  const made: string[] = [];
  const skipped: string[] = [];
  const note = (isNew: boolean, what: string): void => void (isNew ? made : skipped).push(what);

  const { locations } = await api.call(devicesApi.locations, {});
  const known = locations.find(({ name }) => name === SECOND_LOCATION.name)?.id;
  const second = known ?? (await makeSecondLocation(api));
  if (second !== null) note(known === undefined, `location ${SECOND_LOCATION.name}`);
  const sites: Readonly<Record<Site, string | null>> = {
    main: locations.find(({ isDefault }) => isDefault)?.id ?? null,
    second,
  };

  const { devices } = await api.call(devicesApi.list, {});
  for (const { name, aeTitle, site } of Object.values(DEVICES)) {
    const isNew = !devices.some((device) => device.active && device.aeTitle === aeTitle);
    if (isNew) await api.call(devicesApi.register, { body: { name, aeTitle, locationId: sites[site] } });
    note(isNew, `device ${aeTitle}`);
  }
  for (const user of USERS) {
    const isNew = await unlessThere(async () => {
      const { oneTimePassword } = await api.call(usersApi.create, { body: user });
      await choosePassword(url, { email: user.email, oneTimePassword: oneTimePassword ?? '', password });
    });
    note(isNew, `user ${user.email}`);
  }
  return { made, skipped };
};

/** A key for the station that uploads the photographs of the second location. A key is shown once, so an older one gives way. */
export const makeUploadKey = async (api: DemoApi): Promise<string> => {
  const { apiKeys } = await api.call(usersApi.apiKeys, {});
  const old = apiKeys.find(({ name }) => name === UPLOADER);
  if (old !== undefined) await api.call(usersApi.revokeApiKey, { params: { id: old.id } });
  const { locations } = await api.call(devicesApi.locations, {});
  const { key } = await api.call(usersApi.createApiKey, {
    body: {
      name: UPLOADER,
      role: 'device',
      locationId: locations.find(({ name }) => name === SECOND_LOCATION.name)?.id ?? null,
    },
  });
  return key;
};
