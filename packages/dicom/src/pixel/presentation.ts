/** Points of a graphic: pixels of the image (0\0 is the corner of its first pixel), or parts of the displayed area from 0 to 1. */
interface Placed {
  readonly units: 'PIXEL' | 'DISPLAY';
}

/** A line or shape of a presentation state (PS3.3 C.10.5.1.2). */
export interface Graphic extends Placed {
  readonly type: 'POINT' | 'POLYLINE' | 'INTERPOLATED' | 'CIRCLE' | 'ELLIPSE';
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly filled: boolean;
  /** Gray, 0 to 255. */
  readonly gray: number;
}

/** Text of a presentation state (PS3.3 C.10.5.1.1): in a box, or at an anchor with a line to it. */
export interface GraphicText {
  readonly lines: readonly string[];
  readonly gray: number;
  readonly box:
    (Placed & { readonly corners: Graphic['points']; readonly justify: 'LEFT' | 'CENTER' | 'RIGHT' }) | null;
  readonly anchor: (Placed & { readonly point: readonly [number, number]; readonly visible: boolean }) | null;
}

/** What a presentation state does to a picture after its gray levels, overlays and shutter, as plain data for a pixel thread. */
export interface Presentation {
  /** The part of the image that is displayed, in its pixels from 0, ends included; may reach beyond the image. */
  readonly area: {
    readonly left: number;
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
  };
  /** Clockwise, before the flip. */
  readonly rotation: 0 | 90 | 180 | 270;
  /** Left becomes right. */
  readonly flipped: boolean;
  /** Scale of Presentation Size Mode MAGNIFY; 1 otherwise. */
  readonly magnification: number;
  readonly graphics: readonly Graphic[];
  readonly texts: readonly GraphicText[];
}
