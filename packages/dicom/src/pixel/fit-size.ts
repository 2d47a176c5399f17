export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The largest size of this shape inside the box; never larger than the picture itself unless `enlarge`. */
export function fitSize({ width, height }: Size, box: Size, enlarge = false): Size {
  const scale = Math.min(box.width / width, box.height / height, enlarge ? Infinity : 1);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** Stretching must not turn a small frame into a picture that no memory holds. */
const MAX_STRETCHED_PIXELS = 50_000_000;

/** The size at which pixels are square again, stretching the short side so that nothing is lost as long as that is sane. */
export function squarePixels({ width, height }: Size, pixelAspect: number): Size {
  if (Math.abs(pixelAspect - 1) < 0.01) return { width, height };
  const stretched =
    pixelAspect > 1
      ? { width, height: Math.round(height * pixelAspect) }
      : { width: Math.round(width / pixelAspect), height };
  const scale = Math.sqrt(MAX_STRETCHED_PIXELS / (stretched.width * stretched.height));
  return scale >= 1
    ? stretched
    : fitSize(stretched, { width: stretched.width * scale, height: stretched.height * scale });
}
