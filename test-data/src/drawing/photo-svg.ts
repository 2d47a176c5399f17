import { dentition } from '../anatomy/dentition.ts';
import type { PhotoView } from '../studies/photo-views.ts';
import { createRandom } from './random.ts';

const W = 720;
const H = 480;

const DEFS = `<defs>
<radialGradient id="gum" cx="50%" cy="50%" r="65%"><stop offset="0" stop-color="#d9827c"/><stop offset=".6" stop-color="#b9575a"/><stop offset="1" stop-color="#4a1c22"/></radialGradient>
<radialGradient id="palate" cx="50%" cy="100%" r="80%"><stop offset="0" stop-color="#c2686a"/><stop offset="1" stop-color="#e0a099"/></radialGradient>
<linearGradient id="up" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#e2d2b8"/><stop offset=".35" stop-color="#fbf3e4"/><stop offset="1" stop-color="#efe8dc"/></linearGradient>
<linearGradient id="down" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#f3ecdf"/><stop offset="1" stop-color="#dccbb0"/></linearGradient>
<radialGradient id="cusp"><stop offset="0" stop-color="#fffaf0"/><stop offset="1" stop-color="#d9cbb4"/></radialGradient>
<radialGradient id="dark" cx="50%" cy="50%" r="70%"><stop offset=".55" stop-color="#000" stop-opacity="0"/><stop offset="1" stop-color="#000" stop-opacity=".65"/></radialGradient>
<filter id="shade" x="-30%" y="-30%" width="160%" height="160%"><feGaussianBlur in="SourceAlpha" stdDeviation="4"/><feOffset dy="1" result="s"/><feMerge><feMergeNode in="s"/><feMergeNode in="SourceGraphic"/></feMerge></filter>
<filter id="skinblur"><feGaussianBlur stdDeviation="6"/></filter></defs>`;

const wrap = (body: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${W} ${H}">${DEFS}${body}<rect width="${W}" height="${H}" fill="url(#dark)"/></svg>`;

const bracket = (size: number): string =>
  `<rect x="${-size * 0.17}" y="-11" width="${size * 0.34}" height="22" rx="3" fill="#9aa3ad" stroke="#59616b"/><rect x="${-size * 0.17}" y="-8" width="${size * 0.34}" height="3" fill="#3fb6c6"/><rect x="${-size * 0.17}" y="6" width="${size * 0.34}" height="3" fill="#3fb6c6"/>`;

/** Teeth seen from the front or from one side, upper over lower, turned by `yaw` degrees around the arch. */
const smileRows = (seed: number, progress: number, yaw: number): string => {
  const treated = progress > 0.05 && progress < 0.95;
  return (['lower', 'upper'] as const)
    .map((jaw) => {
      const upper = jaw === 'upper';
      const seen = dentition(seed, progress)
        .filter((pose) => pose.jaw === jaw && pose.tooth % 10 <= 7)
        .map((pose) => {
          // A camera in front of the arch: rotate the arch by the yaw, then project with a little perspective.
          const turn = (yaw * Math.PI) / 180;
          const x = pose.x * Math.cos(turn) + (pose.y - 20) * Math.sin(turn);
          const depth = -pose.x * Math.sin(turn) + (pose.y - 20) * Math.cos(turn);
          const scale = 11.5 / (1 + (34 - depth) / 110);
          const facing = Math.max(0.35, Math.cos(((pose.rotation - yaw) * Math.PI) / 180));
          // Right of the patient is left on the picture.
          return { pose, x: W / 2 + x * scale, depth, scale, width: pose.width * scale * facing };
        })
        .sort((p, q) => p.depth - q.depth);
      const teeth = seen.map(({ pose, x, scale, width }) => {
        const height = (upper ? 12.5 : 10) * scale * 1.05;
        const y =
          H / 2 +
          (upper ? -height * 0.42 : height * 0.5) -
          pose.z * scale +
          (40 - scale * 3.4) * (upper ? 0.6 : -0.4);
        const top = upper ? width * 0.42 : width * 0.2;
        return `<g transform="translate(${x.toFixed(1)} ${y.toFixed(1)}) rotate(${(pose.tip * 0.8).toFixed(1)})" filter="url(#shade)">
<path d="M${-width / 2} ${-height / 2 + top} Q${-width / 2} ${-height / 2} 0 ${-height / 2} Q${width / 2} ${-height / 2} ${width / 2} ${-height / 2 + top} L${width / 2} ${height / 2 - (upper ? 10 : 22)} Q${width / 2} ${height / 2} 0 ${height / 2} Q${-width / 2} ${height / 2} ${-width / 2} ${height / 2 - (upper ? 10 : 22)}Z" fill="url(#${upper ? 'up' : 'down'})"/>
<ellipse cx="${-width * 0.14}" cy="${-height * 0.08}" rx="${width * 0.08}" ry="${height * 0.24}" fill="#fff" fill-opacity=".4"/>${treated && pose.tooth % 10 <= 6 ? bracket(width) : ''}</g>`;
      });
      return teeth.join('');
    })
    .join('');
};

const occlusalSvg = (seed: number, progress: number, jaw: 'upper' | 'lower'): string => {
  const unit = 6.6;
  const flip = jaw === 'upper' ? -1 : 1;
  const teeth = dentition(seed, progress)
    .filter((pose) => pose.jaw === jaw && pose.tooth % 10 <= 7)
    .map((pose) => {
      const front = pose.tooth % 10 <= 3;
      const w = pose.width * unit;
      const d = (front ? 5.5 : pose.tooth % 10 <= 5 ? 8.5 : 10.5) * unit;
      const y = H / 2 + flip * (pose.y - 26) * unit;
      const grooves = front
        ? ''
        : `<path d="M${-w * 0.28} 0 H${w * 0.28} M0 ${-d * 0.28} V${d * 0.28}" stroke="#b9a88c" stroke-width="2.4"/>`;
      return `<g transform="translate(${(W / 2 + pose.x * unit).toFixed(1)} ${y.toFixed(1)}) rotate(${(flip * pose.rotation).toFixed(1)})" filter="url(#shade)"><rect x="${-w / 2}" y="${-d / 2}" width="${w}" height="${d}" rx="${w * 0.3}" fill="url(#cusp)"/>${grooves}</g>`;
    })
    .join('');
  const arch =
    jaw === 'upper'
      ? `M120 ${H} C110 -80 ${W - 110} -80 ${W - 120} ${H}Z`
      : `M120 0 C110 ${H + 80} ${W - 110} ${H + 80} ${W - 120} 0Z`;
  const inner =
    jaw === 'upper'
      ? `<path d="M240 ${H} C240 90 ${W - 240} 90 ${W - 240} ${H}Z" fill="url(#palate)"/>`
      : `<path d="M250 0 C250 ${H - 110} ${W - 250} ${H - 110} ${W - 250} 0Z" fill="#a94a50"/>`;
  return wrap(
    `<rect width="${W}" height="${H}" fill="#2a0f13"/><path d="${arch}" fill="#d98f88"/>${inner}${teeth}`,
  );
};

const faceSvg = (seed: number, view: PhotoView): string => {
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

/** The drawing of one standard photograph, 3:2. */
export const photoSvg = (seed: number, progress: number, view: PhotoView): string => {
  if (view.scene === 'face') return faceSvg(seed, view);
  if (view.scene === 'occlusal') return occlusalSvg(seed, progress, view.jaw === 'upper' ? 'upper' : 'lower');
  const yaw = view.side === 'right' ? 48 : view.side === 'left' ? -48 : 0;
  return wrap(
    `<rect width="${W}" height="${H}" fill="url(#gum)"/><ellipse cx="${W / 2}" cy="${H * 0.52}" rx="${W * 0.42}" ry="${H * 0.12}" fill="#30090d"/>${smileRows(seed, progress, yaw)}`,
  );
};
