import { createChoice } from '../i18n/create-choice.ts';

const isChoice = (text: string): text is string => text === 'all' || /^[0-9a-f-]{36}$/.test(text);

/** The location that this browser works at: an id, or `all`. Pages narrow their lists by it. */
export const locationChoice = createChoice<string>('archwire-location', isChoice, () => 'all');
