import type { PhotoSlot } from './photo-slots.ts';

/** What people and programs call the pictures of a set, in three languages; the first that fits. */
const NAMES: readonly (readonly [RegExp, PhotoSlot])[] = [
  [/ev-?0[1-7]/, 'face-right'],
  [/ev-?1[5-8]/, 'face-front'],
  [/ev-?(?:19|2[01])/, 'face-front-smile'],
  [/ev-?(?:0[89]|1[0-4])|45|oblique|oblicu/, 'face-right-oblique'],
  [/iv-?2[45]|upper|maxill|sup[eé]r|_u\b/, 'occlusal-upper'],
  [/iv-?2[67]|lower|mandib|inf[eé]r|_l\b/, 'occlusal-lower'],
  [/iv-?0[1-6]/, 'intraoral-right'],
  [/iv-?(?:0[7-9]|1[0-3])/, 'intraoral-front'],
  [/iv-?(?:18|19|2[0-3])/, 'intraoral-left'],
  [/smil|sourire|sonri/, 'face-front-smile'],
  [/profil|perfil/, 'face-right'],
  [
    /(?:buccal|lateral|intra|occlu|bite).*(?:right|droit|derech)|(?:right|droit|derech).*(?:buccal|lateral|intra|occlu|bite)/,
    'intraoral-right',
  ],
  [
    /(?:buccal|lateral|intra|occlu|bite).*(?:left|gauche|izqu)|(?:left|gauche|izqu).*(?:buccal|lateral|intra|occlu|bite)/,
    'intraoral-left',
  ],
  [/anterior|intra.*front|front.*(?:intra|occlu|bite)/, 'intraoral-front'],
  [/face|visage|cara|rest|repos|portrait/, 'face-front'],
];

/** The place that the name of a file speaks of; `undefined` when it says nothing. */
export const suggestSlot = (name: string): PhotoSlot | undefined => {
  const words = name.toLowerCase().replace(/\.[a-z0-9]+$/, '');
  return NAMES.find(([pattern]) => pattern.test(words))?.[1];
};
