/** Y1 Y2 Cb Cr (PS3.3 C.7.6.3.1.2, native YBR_*_422) to Y Cb Cr per pixel; each pair shares its chroma. */
export function upsample422(data: Uint8Array, pixels: number): Uint8Array {
  const out = new Uint8Array(pixels * 3);
  for (let pair = 0; pair * 2 < pixels; pair++) {
    for (let i = 0; i < 2; i++) {
      const to = (pair * 2 + i) * 3;
      out[to] = data[pair * 4 + i] ?? 0;
      out[to + 1] = data[pair * 4 + 2] ?? 0;
      out[to + 2] = data[pair * 4 + 3] ?? 0;
    }
  }
  return out;
}
