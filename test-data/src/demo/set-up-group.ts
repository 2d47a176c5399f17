import { devicesApi } from '@archwire/contracts/api/devices';
import { usersApi } from '@archwire/contracts/api/users';
import { groupApi } from '@archwire/contracts/api/group';
import { ApiRefusal, choosePassword, type DemoApi } from './demo-api.ts';
import { DEVICES, GROUP_NAME, MAIN_LOCATION, SECOND_LOCATION, type Site } from './devices.ts';

/** The people of the demonstration, besides its administrator. */
export const USERS = [
  { email: 'amara.bell@northside.example', displayName: 'Dr. Amara Bell', role: 'orthodontist' },
  { email: 'louis.moreau@northside.example', displayName: 'Louis Moreau', role: 'hygienist' },
  { email: 'ines.salas@northside.example', displayName: 'Inés Salas', role: 'assistant' },
  { email: 'claire.fabre@northside.example', displayName: 'Claire Fabre', role: 'front-desk' },
  { email: 'tom.vance@referrals.example', displayName: 'Dr. Tom Vance', role: 'referring-reader' },
] as const;

const UPLOADER = 'Photo station';
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

/** A group that nobody named yet gets the name of the demonstration; one that has a name keeps it. */
const nameGroup = async (
  api: DemoApi,
  main: { readonly id: string; readonly name: string } | undefined,
): Promise<void> => {
  if (main?.name !== 'Main') return;
  await api.call(groupApi.rename, { body: { name: GROUP_NAME } });
  await api.call(groupApi.updateLocation, { params: { id: main.id }, body: MAIN_LOCATION });
};

/** Locations, devices and users of the group; what is there already stays as it is. `password` is what every new user gets. */
export const setUpGroup = async (api: DemoApi, url: string, password: string): Promise<GroupReport> => {
  const made: string[] = [];
  const skipped: string[] = [];
  const note = (isNew: boolean, what: string): void => void (isNew ? made : skipped).push(what);

  const { locations } = await api.call(devicesApi.locations, {});
  const known = locations.find(({ name }) => name === SECOND_LOCATION.name)?.id;
  const main = locations.find(({ isDefault }) => isDefault);
  await nameGroup(api, main);
  const second = known ?? (await api.call(groupApi.createLocation, { body: SECOND_LOCATION })).id;
  note(known === undefined, `location ${SECOND_LOCATION.name}`);
  const sites: Readonly<Record<Site, string | null>> = {
    main: main?.id ?? null,
    second,
  };

  const { devices } = await api.call(devicesApi.list, {});
  for (const { name, aeTitle, site, kind } of Object.values(DEVICES)) {
    const isNew = !devices.some((device) => device.active && device.aeTitle === aeTitle);
    if (isNew)
      await api.call(devicesApi.register, { body: { name, aeTitle, kind, locationId: sites[site] } });
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
