/**
 * Expands Segmented Palette Color Lookup Table Data (PS3.3 C.7.9.2): discrete, linear and indirect segments.
 * Never returns more than `count` entries, whatever the segments say.
 */
export function expandSegmentedLut(words: Uint16Array, count: number): Uint16Array {
  const out: number[] = [];
  const run = (from: number, segments: number, nested: boolean) => {
    let at = from;
    for (let done = 0; done < segments && at + 1 < words.length && out.length < count; done++) {
      const opcode = words[at] ?? 0;
      const length = words[at + 1] ?? 0;
      if (opcode === 0) {
        out.push(...words.subarray(at + 2, at + 2 + length));
        at += 2 + length;
      } else if (opcode === 1) {
        linear(out, length, words[at + 2] ?? 0);
        at += 3;
      } else if (opcode === 2 && !nested) {
        run((words[at + 2] ?? 0) + (words[at + 3] ?? 0) * 65_536, length, true);
        at += 4;
      } else return;
    }
  };
  run(0, Infinity, false);
  return Uint16Array.from(out.slice(0, count));
}

function linear(out: number[], length: number, target: number): void {
  const start = out.at(-1) ?? 0;
  for (let i = 1; i <= length; i++) out.push(Math.round(start + ((target - start) * i) / length));
}
