/** The first `length` bytes of a list of chunks, without copying when one chunk holds them. */
export const firstBytes = (chunks: readonly Buffer[], length: number): Buffer => {
  const [first] = chunks;
  if (first !== undefined && first.length >= length) return first.subarray(0, length);
  const bytes = Buffer.allocUnsafe(length);
  let at = 0;
  for (const chunk of chunks) {
    if (at >= length) break;
    at += chunk.copy(bytes, at, 0, length - at);
  }
  return bytes.subarray(0, at);
};
