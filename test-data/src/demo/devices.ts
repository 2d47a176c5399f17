/** One piece of equipment of the demonstration; it sends under a calling AE title of its own. */
export interface DemoDevice {
  readonly name: string;
  readonly aeTitle: string;
  readonly site: Site;
  readonly kind: 'panoramic' | 'cbct' | 'ceph' | 'intraoral-sensor' | 'intraoral-scanner' | 'camera';
}
/** The two locations of the demonstration. */
export type Site = 'main' | 'second';

/** The group and its places. */
export const GROUP_NAME = 'Northside Ortho';
export const MAIN_LOCATION = { name: 'Lyon Part-Dieu', issuer: 'NORTHSIDE' } as const;
export const SECOND_LOCATION = { name: 'Villeurbanne Gratte-Ciel', issuer: 'NORTHSIDE' } as const;

export const DEVICES = {
  pano: { name: 'Panoramic, room 1', aeTitle: 'PANO_1', kind: 'panoramic', site: 'main' },
  ceph: { name: 'Cephalostat, room 1', aeTitle: 'CEPH_1', kind: 'ceph', site: 'main' },
  sensor: { name: 'Intraoral sensor, chair 2', aeTitle: 'SENSOR_2', kind: 'intraoral-sensor', site: 'main' },
  camera: { name: 'Clinical camera', aeTitle: 'CAMERA_1', kind: 'camera', site: 'main' },
  cbct: { name: 'CBCT with panoramic', aeTitle: 'CBCT_V', kind: 'cbct', site: 'second' },
  scanner: { name: 'Intraoral scanner', aeTitle: 'SCANNER_V', kind: 'intraoral-scanner', site: 'second' },
} as const satisfies Record<string, DemoDevice>;
export type DeviceKey = keyof typeof DEVICES;
