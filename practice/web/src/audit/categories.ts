import { actionMessages } from './action-messages.ts';

/** What can be looked for, by the beginning of the actions that belong to it. */
export const CATEGORIES = {
  'sign-in': ['auth.'],
  people: ['user.', 'api-key.'],
  images: ['imaging.study.', 'imaging.patient.viewed', 'imaging.patient.queried', 'imaging.patient.searched'],
  decisions: [
    'imaging.study.assign',
    'imaging.study.reject',
    'imaging.patient.register',
    'imaging.patient.merge',
    'imaging.patient.unmerge',
    'imaging.conflict.',
    'imaging.decision.',
    'imaging.quarantine.',
  ],
  imports: ['imaging.import.'],
  devices: ['device.'],
  group: ['tenant.', 'location.', 'setup.', 'alert.', 'job.'],
  audit: ['audit.'],
} as const;
export type Category = keyof typeof CATEGORIES;
export const CATEGORY_IDS: readonly Category[] = [
  'sign-in',
  'people',
  'images',
  'decisions',
  'imports',
  'devices',
  'group',
  'audit',
];

const ACTIONS: readonly string[] = Object.keys(actionMessages.en)
  .map((key) => key.replace(/\.failure$/, ''))
  .filter((key, at, all) => key !== 'other' && all.indexOf(key) === at);

/** The actions of a category; the server looks for whole actions only. */
export const actionsOf = (category: Category): string[] =>
  ACTIONS.filter((action) => CATEGORIES[category].some((beginning) => action.startsWith(beginning)));
