/** One piece of equipment of the demonstration; it sends under a calling AE title of its own. */
export interface DemoDevice {
  readonly name: string;
  readonly aeTitle: string;
  readonly site: Site;
}
/** The two locations of the demonstration. */
export type Site = 'main' | 'second';

export const SECOND_LOCATION = { name: 'Villeurbanne Gratte-Ciel', issuer: 'NORTHSIDE' } as const;

export const DEVICES = {
  pano: { name: 'Panoramic, room 1', aeTitle: 'PANO_1', site: 'main' },
  ceph: { name: 'Cephalostat, room 1', aeTitle: 'CEPH_1', site: 'main' },
  sensor: { name: 'Intraoral sensor, chair 2', aeTitle: 'SENSOR_2', site: 'main' },
  camera: { name: 'Clinical camera', aeTitle: 'CAMERA_1', site: 'main' },
  cbct: { name: 'CBCT with panoramic', aeTitle: 'CBCT_V', site: 'second' },
  scanner: { name: 'Intraoral scanner', aeTitle: 'SCANNER_V', site: 'second' },
} as const satisfies Record<string, DemoDevice>;
export type DeviceKey = keyof typeof DEVICES;
