/** How a picture is looked at: `scale` 1 fits, `x` and `y` shift its centre in parts of the pane. */
export interface ZoomView {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export const FIT: ZoomView = { scale: 1, x: 0, y: 0 };
export const MAX_SCALE = 12;

/** A point of the pane, counted from its middle in parts of its size: -0.5 to 0.5. */
export interface PanePoint {
  readonly x: number;
  readonly y: number;
}

/** No further than until an edge of the picture meets the edge of the pane. */
const within = ({ scale, x, y }: ZoomView): ZoomView => {
  const limit = (scale - 1) / 2;
  const clamp = (value: number): number => Math.max(-limit, Math.min(limit, value)) + 0;
  return { scale, x: clamp(x), y: clamp(y) };
};

/** Zooms so that what lies under the point stays there. */
export const zoomAt = (view: ZoomView, factor: number, point: PanePoint = { x: 0, y: 0 }): ZoomView => {
  const scale = Math.max(1, Math.min(MAX_SCALE, view.scale * factor));
  const grown = scale / view.scale;
  return within({
    scale,
    x: point.x - (point.x - view.x) * grown,
    y: point.y - (point.y - view.y) * grown,
  });
};

export const panBy = (view: ZoomView, x: number, y: number): ZoomView =>
  within({ ...view, x: view.x + x, y: view.y + y });

export const zoomTransform = ({ scale, x, y }: ZoomView): string =>
  `translate(${x * 100}%, ${y * 100}%) scale(${scale})`;
