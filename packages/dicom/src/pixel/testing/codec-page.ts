import { transferSyntax } from '../../transfer-syntax.ts';
import type { MeasuredObject } from './measure-object.ts';

const START = '<!-- samples -->';
const END = '<!-- end of samples -->';

const INTRODUCTION = `# Codecs

Every pixel is decoded as the standard says, or the object says why not. This page is written by \`packages/dicom/src/pixel/codecs.interop.test.ts\`, which fails when it is no longer true; write it again with \`npx vitest run packages/dicom/src/pixel/codecs.interop.test.ts -u\`.

**exact**: every stored value (Bits Stored bits below High Bit, with their sign) is that of the oracles named, each of which decoded the object by itself: DCMTK (\`dcmdjpeg\`, \`dcmdjpls\`, \`dcmdrle\`), GDCM (\`gdcmconv\`), pydicom with numpy, OpenJPEG (in Pillow), zlib. "source" is what the image was made from, "record" the pixels that pydicom's plug-ins (pylibjpeg, gdcm) gave when the sample collection was made. Rendered pictures are compared with DCMTK's \`dcmj2pnm\` and presentation states with \`dcmp2pgm\`, within one level of 255, by the tests beside it.
`;

const syntaxName = (uid: string): string => transferSyntax(uid)?.keyword ?? uid;

const bitsOf = ({ samplesPerPixel, bitsAllocated, bitsStored, signed, floating }: MeasuredObject): string =>
  `${samplesPerPixel} × ${floating ? `${bitsAllocated} floating` : `${bitsStored} of ${bitsAllocated}${signed ? ' signed' : ''}`}`;

/** A Markdown table as Prettier lays it out. */
function table(rows: readonly (readonly string[])[]): string {
  const [head = []] = rows;
  const widths = head.map((_, column) => Math.max(3, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [first = '', ...rest] = rows.map(line);
  return [first, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rest].join('\n');
}

/** One line for all objects of one shape and one outcome. */
function matrix(objects: readonly MeasuredObject[]): string {
  const groups = new Map<string, MeasuredObject[]>();
  for (const object of objects) {
    const { transferSyntaxUid, photometricInterpretation, result } = object;
    const key = [syntaxName(transferSyntaxUid), photometricInterpretation, bitsOf(object), result].join('|');
    groups.set(key, [...(groups.get(key) ?? []), object]);
  }
  const rows = [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return table([
    ['Transfer syntax', 'Photometric', 'Samples', 'Result', 'Objects', 'Oracles'],
    ...rows.map(([key, members]) => [
      ...key.split('|'),
      String(members.length),
      [...new Set(members.flatMap(({ oracles }) => oracles))].toSorted().join(', ') || 'none',
    ]),
  ]);
}

/** `samples` is `undefined` where the collection is not at hand: that part of the page then stays as it is. */
export function codecPage(
  page: string,
  made: readonly MeasuredObject[],
  samples:
    { readonly objects: readonly MeasuredObject[]; readonly causes: ReadonlyMap<string, string> } | undefined,
): string {
  const shapes = table([
    ['Made here', 'Transfer syntax', 'Photometric', 'Samples', 'Result', 'Oracles'],
    ...made.map((object) => [
      object.name,
      syntaxName(object.transferSyntaxUid),
      object.photometricInterpretation,
      bitsOf(object),
      object.result,
      object.oracles.join(', '),
    ]),
  ]);
  const kept = page.slice(page.indexOf(START), page.indexOf(END) + END.length);
  const measured =
    samples === undefined
      ? kept
      : [
          START,
          `${samples.objects.length} files with pixels of the collection, by transfer syntax and shape:`,
          matrix(samples.objects),
          'What is not exact, and why:',
          table([
            ['File', 'Result', 'Cause'],
            ...samples.objects
              .filter(({ result }) => result !== 'exact')
              .map(({ name, result }) => [name, result, samples.causes.get(name) ?? 'not explained']),
          ]),
          END,
        ].join('\n\n');
  return [
    INTRODUCTION,
    '## Images made here',
    'Written by the test with the encoders of DCMTK, GDCM and the server, and with a writer for odd shapes.',
    shapes,
    '## Real files',
    measured,
    '',
  ]
    .join('\n\n')
    .replace('\n\n\n', '\n\n')
    .replace(/\n+$/, '\n');
}
