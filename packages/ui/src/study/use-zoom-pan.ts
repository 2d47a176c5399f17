import {
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  type RefCallback,
  useCallback,
  useRef,
  useState,
} from 'react';
import { FIT, panBy, type PanePoint, zoomAt, type ZoomView } from './zoom-view.ts';

const STEP = 1.4;
const DOUBLE = 2.5;
const KEY_PAN = 0.12;

export interface ZoomPanOptions {
  /** `always`: the wheel zooms. `ctrl`: only with Ctrl, so that a page can be scrolled past the picture. */
  readonly wheel?: 'always' | 'ctrl';
  /** A drag of a picture that fits: 0 to 1, from the left edge of the pane. */
  readonly onDragAtFit?: (at: number) => void;
  /** Left and right arrow on a picture that fits. */
  readonly onStep?: (by: -1 | 1) => void;
}

export interface PaneProps {
  readonly ref: RefCallback<HTMLElement>;
  readonly onPointerDown: (event: PointerEvent) => void;
  readonly onPointerMove: (event: PointerEvent) => void;
  readonly onPointerUp: (event: PointerEvent) => void;
  readonly onPointerCancel: (event: PointerEvent) => void;
  readonly onDoubleClick: (event: MouseEvent) => void;
}

export interface ZoomPan {
  readonly view: ZoomView;
  /** For each element that shows the picture; several panes with the same props move together. */
  readonly pane: PaneProps;
  /** For the element that has the focus: `+`, `-`, `0`, arrows. */
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly zoomIn: () => void;
  readonly zoomOut: () => void;
  readonly fit: () => void;
}

const pointIn = (element: Element, { clientX, clientY }: { clientX: number; clientY: number }): PanePoint => {
  const { left, top, width, height } = element.getBoundingClientRect();
  return { x: (clientX - left) / width - 0.5, y: (clientY - top) / height - 0.5 };
};
const distance = ([one, two]: readonly PanePoint[]): number =>
  one === undefined || two === undefined ? 0 : Math.hypot(one.x - two.x, one.y - two.y);

/** Zoom and pan by wheel, pinch, drag, double click, keys and buttons. */
export const useZoomPan = ({ wheel = 'always', onDragAtFit, onStep }: ZoomPanOptions = {}): ZoomPan => {
  const [view, setView] = useState<ZoomView>(FIT);
  const fingers = useRef(new Map<number, PanePoint>());

  const ref = useCallback<RefCallback<HTMLElement>>(
    (element) => {
      if (element === null) return undefined;
      const turn = (event: WheelEvent): void => {
        if (wheel === 'ctrl' && !event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        // A pinch on a touch pad comes as a wheel with Ctrl, in small steps.
        const factor = Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0015));
        const point = pointIn(element, event);
        setView((current) => zoomAt(current, factor, point));
      };
      // React listens passively, and a passive listener cannot keep the page from scrolling.
      element.addEventListener('wheel', turn, { passive: false });
      return () => element.removeEventListener('wheel', turn);
    },
    [wheel],
  );

  const down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const point = pointIn(event.currentTarget, event);
    fingers.current.set(event.pointerId, point);
    if (view.scale === 1 && event.pointerType === 'mouse') onDragAtFit?.(point.x + 0.5);
  };
  const move = (event: PointerEvent): void => {
    const before = fingers.current.get(event.pointerId);
    if (before === undefined) return;
    const point = pointIn(event.currentTarget, event);
    const spread = distance([...fingers.current.values()]);
    fingers.current.set(event.pointerId, point);
    const held = [...fingers.current.values()];
    const [one, two] = held;
    if (one !== undefined && two !== undefined && spread > 0) {
      const middle = { x: (one.x + two.x) / 2, y: (one.y + two.y) / 2 };
      const factor = distance(held) / spread;
      setView((current) => zoomAt(current, factor, middle));
    } else if (view.scale === 1) {
      onDragAtFit?.(Math.max(0, Math.min(1, point.x + 0.5)));
    } else {
      setView((current) => panBy(current, point.x - before.x, point.y - before.y));
    }
  };
  const up = (event: PointerEvent): void => void fingers.current.delete(event.pointerId);

  const zoom = (factor: number): void => setView((current) => zoomAt(current, factor));
  const fit = (): void => setView(FIT);
  const arrow = (x: number, y: number): boolean => {
    if (view.scale > 1) setView((current) => panBy(current, x * KEY_PAN, y * KEY_PAN));
    else if (onStep !== undefined && x !== 0) onStep(x > 0 ? -1 : 1);
    else return false;
    return true;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const did = (run: () => void): boolean => {
      run();
      return true;
    };
    const runs: Readonly<Record<string, () => boolean>> = {
      '+': () => did(() => zoom(STEP)),
      '=': () => did(() => zoom(STEP)),
      '-': () => did(() => zoom(1 / STEP)),
      '0': () => did(fit),
      ArrowLeft: () => arrow(1, 0),
      ArrowRight: () => arrow(-1, 0),
      ArrowUp: () => arrow(0, 1),
      ArrowDown: () => arrow(0, -1),
    };
    if (runs[event.key]?.() ?? false) event.preventDefault();
  };

  return {
    view,
    pane: {
      ref,
      onPointerDown: down,
      onPointerMove: move,
      onPointerUp: up,
      onPointerCancel: up,
      onDoubleClick: (event) => {
        const point = pointIn(event.currentTarget, event);
        setView((current) => (current.scale > 1 ? FIT : zoomAt(current, DOUBLE, point)));
      },
    },
    onKeyDown,
    zoomIn: () => zoom(STEP),
    zoomOut: () => zoom(1 / STEP),
    fit,
  };
};
