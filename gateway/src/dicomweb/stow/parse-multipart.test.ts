import { AppError } from '@archwire/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMultipart } from './parse-multipart.ts';

interface Part {
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly ended: boolean;
}

async function* chunks(body: Buffer, cuts: readonly number[]): AsyncGenerator<Buffer> {
  let from = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    if (cut > from && cut < body.length) {
      yield body.subarray(from, cut);
      from = cut;
    }
  }
  yield body.subarray(from);
}

const read = async (
  body: Buffer,
  boundary: string,
  cuts: readonly number[] = [],
): Promise<{ parts: Part[]; failure: string | undefined }> => {
  const parts: Part[] = [];
  let current: { headers: Record<string, string>; data: Buffer[] } | undefined;
  const close = (ended: boolean): void => {
    if (current !== undefined) {
      parts.push({ headers: current.headers, body: Buffer.concat(current.data).toString('latin1'), ended });
    }
    current = undefined;
  };
  try {
    for await (const event of parseMultipart(chunks(body, cuts), boundary)) {
      if (event.kind === 'part') current = { headers: Object.fromEntries(event.headers), data: [] };
      else if (event.kind === 'data') current?.data.push(Buffer.from(event.chunk));
      else close(true);
    }
    return { parts, failure: undefined };
  } catch (error) {
    close(false);
    if (!(error instanceof AppError)) throw error;
    return { parts, failure: error.message };
  }
};

const encode = (bodies: readonly string[], boundary: string): Buffer =>
  Buffer.from(
    `${bodies.map((body) => `--${boundary}\r\nContent-Type: application/dicom\r\n\r\n${body}\r\n`).join('')}--${boundary}--\r\n`,
    'latin1',
  );

const HEADERS = { 'content-type': 'application/dicom' };

describe('parseMultipart', () => {
  test('any chunking gives the same parts, also when contents look like boundaries', async () => {
    const piece = fc.oneof(
      fc.constantFrom('\r', '\n', '\r\n', '--', '\r\n--', '\r\n--b', '\r\n--bO', '-', 'b', 'bO', ''),
      fc.string({ maxLength: 6, unit: 'binary-ascii' }),
    );
    const body = fc
      .array(piece, { maxLength: 12 })
      .map((pieces) => pieces.join(''))
      .filter((text) => !`\r\n${text}\r\n--bOundary`.slice(0, -11).includes('\r\n--bOundary'));
    await fc.assert(
      fc.asyncProperty(
        fc.array(body, { minLength: 1, maxLength: 5 }),
        fc.array(fc.nat({ max: 400 }), { maxLength: 30 }),
        async (bodies, cuts) => {
          const whole = encode(bodies, 'bOundary');
          expect(await read(whole, 'bOundary', cuts)).toEqual({
            parts: bodies.map((text) => ({ headers: HEADERS, body: text, ended: true })),
            failure: undefined,
          });
        },
      ),
      { numRuns: 300 },
    );
  });

  test('one byte at a time', async () => {
    const whole = encode(['one', '', 'three\r\n--'], 'b');
    expect(
      await read(
        whole,
        'b',
        Array.from({ length: whole.length }, (_, at) => at),
      ),
    ).toEqual(await read(whole, 'b'));
  });

  test('preamble, padding after the boundary, epilogue, folded and absent headers', async () => {
    const body = Buffer.from(
      'preamble --b not yet\r\n--b \t\r\nContent-Type: application/dicom;\r\n transfer-syntax=1.2\r\n\r\nA\r\n--b\r\n\r\nB\r\n--b--\r\nepilogue\r\n--b\r\n\r\nC',
    );
    expect(await read(body, 'b')).toEqual({
      parts: [
        { headers: { 'content-type': 'application/dicom; transfer-syntax=1.2' }, body: 'A', ended: true },
        { headers: {}, body: 'B', ended: true },
      ],
      failure: undefined,
    });
  });

  test('a word that only begins like the boundary is content', async () => {
    expect(await read(encode(['x\r\n--bb\r\n--b-\r\n--b x'], 'b'), 'b')).toEqual({
      parts: [{ headers: HEADERS, body: 'x\r\n--bb\r\n--b-\r\n--b x', ended: true }],
      failure: undefined,
    });
  });

  test('a body that stops half-way ends the parts that were whole and not the last one, wherever it stops', async () => {
    const whole = encode(['first', 'second'], 'b');
    for (let length = 0; length < whole.length - 2; length += 1) {
      const { parts, failure } = await read(whole.subarray(0, length), 'b');
      const ended = parts.filter((part) => part.ended).map((part) => part.body);
      expect(['first', 'second'].slice(0, ended.length)).toEqual(ended);
      expect(failure).toBe(
        parts.length === 0 && length < 5
          ? 'The boundary of the Content-Type header does not occur in the body.'
          : 'The body ended before the closing boundary.',
      );
    }
  });

  test('a boundary that never occurs, an empty one, headers without end and without colon', async () => {
    expect((await read(encode(['x'], 'b'), 'other')).failure).toBe(
      'The boundary of the Content-Type header does not occur in the body.',
    );
    expect((await read(encode(['x'], 'b'), '')).failure).toBe(
      'The boundary parameter of the Content-Type header is empty or too long.',
    );
    expect((await read(Buffer.from(`--b\r\nA: ${'x'.repeat(20_000)}`), 'b')).failure).toBe(
      'The headers of a part are longer than 16 KB.',
    );
    expect((await read(Buffer.from('--b\r\nnonsense\r\n\r\nx\r\n--b--'), 'b')).failure).toBe(
      'A part has a header line without a colon.',
    );
  });
});
