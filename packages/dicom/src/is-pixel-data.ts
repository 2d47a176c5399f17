/** PixelData, FloatPixelData, DoubleFloatPixelData (PS3.3 C.7.6.24, C.7.6.3). */
export const isPixelData = (tag: number): boolean =>
  tag === 0x7fe00010 || tag === 0x7fe00008 || tag === 0x7fe00009;
