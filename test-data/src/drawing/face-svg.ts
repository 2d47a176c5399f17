import type { PhotoView } from '../studies/photo-views.ts';
import { createRandom } from './random.ts';

const W = 720;
const H = 480;

const DEFS = `<defs>
<radialGradient id="dark" cx="50%" cy="50%" r="70%"><stop offset=".55" stop-color="#000" stop-opacity="0"/><stop offset="1" stop-color="#000" stop-opacity=".65"/></radialGradient>
<filter id="shade" x="-30%" y="-30%" width="160%" height="160%"><feGaussianBlur in="SourceAlpha" stdDeviation="4"/><feOffset dy="1" result="s"/><feMerge><feMergeNode in="s"/><feMergeNode in="SourceGraphic"/></feMerge></filter></defs>`;

const wrap = (body: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${W} ${H}">${DEFS}${body}<rect width="${W}" height="${H}" fill="url(#dark)"/></svg>`;

/** The drawing of a face, from the front or from its right side, 3:2. */
export const faceSvg = (seed: number, view: PhotoView): string => {
  const random = createRandom(seed + 9);
  const skin = random.pick(['#e7b896', '#c98d66', '#8d5a3c', '#f0cbb0']);
  const hair = random.pick(['#2b1c14', '#5a3a22', '#111114', '#8a6a3c']);
  const smile = view.key === 'EV19';
  const cx = W / 2;
  const shoulders = `<path d="M${cx - 210} ${H} Q${cx - 170} 400 ${cx - 50} 385 L${cx + 50} 385 Q${cx + 170} 400 ${cx + 210} ${H}Z" fill="#3a5a6c"/>`;
  const face =
    view.side === 'right'
      ? `<path d="M${cx - 90} 400 L${cx - 80} 300 Q${cx - 150} 200 ${cx - 100} 110 Q${cx - 30} 40 ${cx + 60} 90 Q${cx + 90} 130 ${cx + 88} 170 L${cx + 124} 226 Q${cx + 122} 240 ${cx + 96} 240 L${cx + 108} 262 L${cx + 96} 276 L${cx + 104} 292 Q${cx + 90} 304 ${cx + 96} 320 Q${cx + 80} 356 ${cx + 10} 346 L${cx} 400Z" fill="${skin}"/><path d="M${cx + 70} 92 Q${cx - 40} 20 ${cx - 125} 110 Q${cx - 160} 220 ${cx - 90} 300 Q${cx - 60} 240 ${cx - 70} 190 Q${cx} 150 ${cx + 70} 92Z" fill="${hair}"/><ellipse cx="${cx + 66}" cy="178" rx="12" ry="7" fill="#2b2b30"/>`
      : `<rect x="${cx - 50}" y="320" width="100" height="90" fill="${skin}"/><ellipse cx="${cx}" cy="215" rx="112" ry="150" fill="${skin}"/><path d="M${cx - 118} 200 Q${cx - 120} 50 ${cx} 48 Q${cx + 120} 50 ${cx + 118} 200 Q${cx + 90} 110 ${cx} 112 Q${cx - 90} 110 ${cx - 118} 200Z" fill="${hair}"/>
<ellipse cx="${cx - 42}" cy="195" rx="15" ry="8" fill="#f7f4f0"/><ellipse cx="${cx + 42}" cy="195" rx="15" ry="8" fill="#f7f4f0"/><circle cx="${cx - 42}" cy="195" r="7" fill="#3b2a20"/><circle cx="${cx + 42}" cy="195" r="7" fill="#3b2a20"/>
<path d="M${cx} 200 Q${cx + 18} 246 ${cx} 252" stroke="#0003" stroke-width="5" fill="none"/>
${smile ? `<path d="M${cx - 50} 286 Q${cx} 344 ${cx + 50} 286 Q${cx} 300 ${cx - 50} 286Z" fill="#fbf6ee" stroke="#a5484c" stroke-width="6"/>` : `<path d="M${cx - 36} 295 Q${cx} 304 ${cx + 36} 295" stroke="#a5484c" stroke-width="9" fill="none" stroke-linecap="round"/>`}`;
  return wrap(
    `<rect width="${W}" height="${H}" fill="#5c7387"/>${shoulders}<g filter="url(#shade)">${face}</g>`,
  );
};
