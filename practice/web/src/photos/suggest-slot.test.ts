// Real: the rules alone.
import { expect, it } from 'vitest';
import { suggestSlot } from './suggest-slot.ts';

it.each([
  ['EV15_EO.FF.LR.CO.png', 'face-front'],
  ['case0_0_maxillary_occlusal.png', 'occlusal-upper'],
  ['case0_1_mandibular_occlusal.png', 'occlusal-lower'],
  ['case0_2_left_buccal.png', 'intraoral-left'],
  ['case0_3_right_buccal.png', 'intraoral-right'],
  ['case0_4_anterior.png', 'intraoral-front'],
  ['Profil droit.jpg', 'face-right'],
  ['sonrisa.jpg', 'face-front-smile'],
  ['smile 45.jpeg', 'face-right-oblique'],
  ['IMG_0912.JPG', undefined],
])('%s is placed at %s', (name, slot) => {
  expect(suggestSlot(name)).toBe(slot);
});
