import type { StatusTone } from '@archwire/ui';

export const VIEWS = [
  { id: 'pano', label: 'Panoramic' },
  { id: 'ceph', label: 'Cephalogram', description: 'Lateral' },
  { id: 'photos', label: 'Photographs' },
] as const;

export const PATIENTS = [
  { id: '1', label: 'Ruiz, Camille', description: '2 March 2012' },
  { id: '2', label: 'Okafor, Daniel', description: '14 July 2010' },
  { id: '3', label: 'Nguyen, Lan', description: '30 January 2014' },
];

export const LANGUAGES_TAUGHT = [
  { id: 'en', label: 'English' },
  { id: 'fr', label: 'Français', description: 'For France, Belgium, Switzerland and Canada' },
  { id: 'es', label: 'Español' },
] as const;

export interface Device {
  readonly id: string;
  readonly name: string;
  readonly aeTitle: string;
  readonly state: string;
  readonly tone: StatusTone;
  readonly images: number;
}

export const DEVICES: readonly Device[] = [
  { id: '1', name: 'Panoramic, room 2', aeTitle: 'PANO_2', state: 'Answers', tone: 'ok', images: 1204 },
  { id: '2', name: 'Ceph, room 2', aeTitle: 'CEPH_2', state: 'Silent for 3 days', tone: 'warn', images: 388 },
  { id: '3', name: 'CBCT', aeTitle: 'CBCT', state: 'Does not answer', tone: 'danger', images: 97 },
];
