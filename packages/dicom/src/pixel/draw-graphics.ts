import { drawSvg } from './draw-svg.ts';
import type { Picture } from './picture.ts';
import type { PlacePoint } from './place-picture.ts';
import type { Graphic, GraphicText, Presentation } from './presentation.ts';
import { strokePath, strokeWidth } from './stroke-font.ts';

type Points = Graphic['points'];

/** Draws the annotations of a presentation state into the picture as it will be seen; `place` brings image pixels there. */
export async function drawGraphics(
  picture: Picture,
  { graphics, texts }: Pick<Presentation, 'graphics' | 'texts'>,
  place: PlacePoint,
): Promise<Picture> {
  const { width, height } = picture;
  const put = (units: Graphic['units'], points: Points): Points =>
    points.map(([x, y]) => (units === 'DISPLAY' ? ([x * width, y * height] as const) : place(x, y)));
  const thickness = Math.max(1, Math.round(Math.max(width, height) / 512));
  const shapes = [
    ...graphics.map((graphic) => {
      const path = graphicPath(graphic, put(graphic.units, graphic.points), thickness);
      return shape(path, graphic.gray, thickness, graphic.filled && graphic.type !== 'POINT');
    }),
    ...texts.map((text) =>
      shape(textPath(text, put, thickness, { width, height }), text.gray, thickness, false),
    ),
  ];
  return await drawSvg(picture, shapes.join(''));
}

function shape(path: string, gray: number, thickness: number, filled: boolean): string {
  if (path === '') return '';
  const colour = `rgb(${gray},${gray},${gray})`;
  return `<path d="${path}" fill="${filled ? colour : 'none'}" stroke="${colour}" stroke-width="${thickness}" stroke-linecap="round" stroke-linejoin="round"/>`;
}

const at = ([x, y]: readonly [number, number]): string => `${x.toFixed(2)} ${y.toFixed(2)}`;

const lineThrough = (points: Points): string => (points.length === 0 ? '' : `M${points.map(at).join('L')}`);

function graphicPath({ type }: Graphic, points: Points, thickness: number): string {
  const [first, second, third, fourth] = points;
  switch (type) {
    case 'POINT':
      return points
        .map(
          ([x, y]) =>
            `${lineThrough([
              [x - 3 * thickness, y],
              [x + 3 * thickness, y],
            ])}${lineThrough([
              [x, y - 3 * thickness],
              [x, y + 3 * thickness],
            ])}`,
        )
        .join('');
    case 'CIRCLE': {
      if (first === undefined || second === undefined) return '';
      const radius = distance(first, second);
      return ellipse(first, radius, radius, 0);
    }
    case 'ELLIPSE': {
      if (first === undefined || second === undefined || third === undefined || fourth === undefined)
        return '';
      const middle = [(first[0] + second[0]) / 2, (first[1] + second[1]) / 2] as const;
      const angle = (Math.atan2(second[1] - first[1], second[0] - first[0]) * 180) / Math.PI;
      return ellipse(middle, distance(first, second) / 2, distance(third, fourth) / 2, angle);
    }
    case 'INTERPOLATED':
      return curve(points);
    default:
      return lineThrough(points);
  }
}

const distance = (a: readonly [number, number], b: readonly [number, number]): number =>
  Math.hypot(b[0] - a[0], b[1] - a[1]);

/** Two half arcs from one end of the first axis to the other and back. */
function ellipse(middle: readonly [number, number], a: number, b: number, degrees: number): string {
  const turn = (degrees * Math.PI) / 180;
  const [x, y] = [Math.cos(turn) * a, Math.sin(turn) * a];
  const ends = [
    [middle[0] - x, middle[1] - y],
    [middle[0] + x, middle[1] + y],
  ] as const;
  const arc = `A${a.toFixed(2)} ${b.toFixed(2)} ${degrees.toFixed(2)} 1 1 `;
  return `M${at(ends[0])}${arc}${at(ends[1])}${arc}${at(ends[0])}Z`;
}

/** Catmull-Rom through all points, closed when the last is the first. */
function curve(points: Points): string {
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length < 3) return lineThrough(points);
  const closed = distance(first, last) < 1e-6;
  const ring = closed ? points.slice(0, -1) : points;
  const point = (n: number) =>
    (closed ? ring[(n + ring.length) % ring.length] : ring[Math.min(ring.length - 1, Math.max(0, n))]) ??
    first;
  const segments = Array.from({ length: closed ? ring.length : ring.length - 1 }, (_, n) => {
    const [before, from, to, after] = [point(n - 1), point(n), point(n + 1), point(n + 2)];
    const control = (
      p: readonly [number, number],
      a: readonly [number, number],
      b: readonly [number, number],
      sign: number,
    ) => [p[0] + (sign * (b[0] - a[0])) / 6, p[1] + (sign * (b[1] - a[1])) / 6] as const;
    return `C${at(control(from, before, to, 1))} ${at(control(to, from, after, -1))} ${at(to)}`;
  });
  return `M${at(first)}${segments.join('')}`;
}

const LINE = 9;

function textPath(
  { lines, box, anchor }: GraphicText,
  put: (units: Graphic['units'], points: Points) => Points,
  thickness: number,
  size: { readonly width: number; readonly height: number },
): string {
  const unit = Math.max(1, 2.2 * thickness);
  if (box !== null) {
    const [a = [0, 0], b = [0, 0]] = put(box.units, box.corners);
    const [left, right] = [Math.min(a[0], b[0]), Math.max(a[0], b[0])];
    const top = Math.min(a[1], b[1]);
    const longest = Math.max(1, ...lines.map((line) => strokeWidth(line, 1)));
    const fitting = Math.max(0.7, Math.min(unit, (right - left) / longest));
    const free = (line: string) => right - left - strokeWidth(line, fitting);
    const indent = (line: string) =>
      box.justify === 'LEFT' ? 0 : box.justify === 'RIGHT' ? free(line) : free(line) / 2;
    const text = lines
      .map((line, n) => strokePath(line, left + indent(line), top + n * LINE * fitting, fitting))
      .join('');
    const [target] = anchor !== null && anchor.visible ? put(anchor.units, [anchor.point]) : [];
    const middle = [(left + right) / 2, (a[1] + b[1]) / 2] as const;
    return target === undefined ? text : text + lineThrough([middle, target]);
  }
  if (anchor === null) return '';
  const [target = [0, 0] as const] = put(anchor.units, [anchor.point]);
  const widest = Math.max(0, ...lines.map((line) => strokeWidth(line, unit)));
  // Beside the anchor, on the side where there is room.
  const left =
    target[0] + 6 * unit + widest <= size.width ? target[0] + 6 * unit : target[0] - 6 * unit - widest;
  const top = target[1] + 4 * unit;
  const text = lines.map((line, n) => strokePath(line, left, top + n * LINE * unit, unit)).join('');
  return anchor.visible
    ? text + lineThrough([target, [target[0] + (left > target[0] ? 5 : -5) * unit, top]])
    : text;
}
