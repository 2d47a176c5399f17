/** How a tooth looks on a radiograph, in the units of the drawing. `direction` 1: root up (upper jaw), -1: root down. */
export interface ToothShape {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly crown: number;
  readonly root: number;
  readonly direction: 1 | -1;
  /** Degrees, clockwise on the picture. */
  readonly rotation: number;
  /** Gray of the enamel, 0 to 255. */
  readonly gray: number;
  readonly molar: boolean;
}

const rgb = (gray: number, factor: number): string => {
  const g = Math.round(Math.min(255, gray * factor));
  return `rgb(${g},${g},${g})`;
};

/** Crown, one or two roots, dentine shading and pulp; (x, y) is the neck of the tooth. */
export const toothSvg = (t: ToothShape, id: string): string => {
  const w = t.width;
  const { crown: c, root: r } = t;
  const outline = t.molar
    ? `M${-w * 0.48} 0 C${-w * 0.52} ${-r * 0.5} ${-w * 0.42} ${-r} ${-w * 0.27} ${-r} C${-w * 0.12} ${-r} ${-w * 0.1} ${-r * 0.35} 0 ${-r * 0.22} C${w * 0.1} ${-r * 0.35} ${w * 0.12} ${-r} ${w * 0.27} ${-r} C${w * 0.42} ${-r} ${w * 0.52} ${-r * 0.5} ${w * 0.48} 0`
    : `M${-w * 0.46} 0 C${-w * 0.44} ${-r * 0.5} ${-w * 0.18} ${-r} 0 ${-r} C${w * 0.18} ${-r} ${w * 0.44} ${-r * 0.5} ${w * 0.46} 0`;
  const cusps = t.molar
    ? `C${w * 0.62} ${c * 0.5} ${w * 0.55} ${c} ${w * 0.3} ${c} Q${w * 0.15} ${c * 0.82} 0 ${c * 0.92} Q${-w * 0.15} ${c * 0.82} ${-w * 0.3} ${c} C${-w * 0.55} ${c} ${-w * 0.62} ${c * 0.5} ${-w * 0.48} 0`
    : `C${w * 0.6} ${c * 0.5} ${w * 0.5} ${c} ${w * 0.28} ${c} Q0 ${c * 0.94} ${-w * 0.28} ${c} C${-w * 0.5} ${c} ${-w * 0.6} ${c * 0.5} ${-w * 0.46} 0`;
  const pulp = t.molar
    ? [-0.24, 0.24]
        .map(
          (k) =>
            `<path d="M${w * k * 0.5} ${c * 0.25} Q${w * k} 0 ${w * k} ${-r * 0.8}" stroke="#1a1a1c" stroke-opacity=".4" stroke-width="${w * 0.07}" fill="none"/>`,
        )
        .join('')
    : `<ellipse cx="0" cy="${-r * 0.2}" rx="${w * 0.07}" ry="${r * 0.55}" fill="#141416" fill-opacity=".4"/>`;
  return `<g transform="translate(${t.x} ${t.y}) rotate(${t.rotation}) scale(1 ${t.direction})">
<linearGradient id="${id}" x1="0" y1="${-r}" x2="0" y2="${c}" gradientUnits="userSpaceOnUse"><stop offset="0" stop-color="${rgb(t.gray, 0.55)}" stop-opacity=".6"/><stop offset=".55" stop-color="${rgb(t.gray, 0.8)}" stop-opacity=".92"/><stop offset=".72" stop-color="${rgb(t.gray, 0.9)}"/><stop offset="1" stop-color="${rgb(t.gray, 1)}"/></linearGradient>
<path d="${outline} ${cusps}Z" fill="url(#${id})"/>${pulp}</g>`;
};
