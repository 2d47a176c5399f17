import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PduReader } from './pdu-reader.ts';
import type { ProtocolFault } from './protocol-fault.ts';
import {
  associateRequest,
  COMMAND,
  echo,
  LAST,
  pData,
  pdu,
  pdv,
  releaseRequest,
  store,
} from './testing/peer-pdus.ts';

interface Event {
  readonly kind: string;
  readonly hex: string;
}

const LIMITS = { maxPduLength: 131_072, maxControlPduLength: 1_048_576 };

/** Feeds pieces and merges the pieces of a fragment, so that two cuttings of one stream can be compared. */
const read = (pieces: readonly Buffer[], blockAt = -1): { events: Event[]; faults: ProtocolFault[] } => {
  const events: Event[] = [];
  const faults: ProtocolFault[] = [];
  let open: { kind: string; parts: Buffer[] } | null = null;
  let calls = 0;
  const reader: PduReader = new PduReader(
    {
      expects: () => undefined,
      control: (type, body) => events.push({ kind: `control ${type}`, hex: body.toString('hex') }),
      fragment: (contextId, isCommand, bytes, last) => {
        const kind = `${contextId} ${isCommand ? 'command' : 'data'}`;
        if (open && open.kind !== kind) throw new Error('two messages mixed');
        open ??= { kind, parts: [] };
        open.parts.push(bytes);
        if (last) {
          events.push({ kind, hex: Buffer.concat(open.parts).toString('hex') });
          open = null;
        }
        if (calls++ === blockAt) reader.block();
      },
      fault: (fault) => faults.push(fault),
    },
    LIMITS,
  );
  for (const piece of pieces) {
    reader.push(piece);
    if (reader.blocked) reader.unblock();
  }
  return { events, faults };
};

const STREAM = Buffer.concat([
  associateRequest(),
  echo(),
  store(Buffer.from('data set of some length'), { fragment: 5 }),
  // Command and data in one PDU, fragments without bytes, an empty P-DATA-TF.
  pData(
    pdv(3, COMMAND, Buffer.from('ab')),
    pdv(3, COMMAND, Buffer.alloc(0)),
    pdv(3, COMMAND | LAST, Buffer.from('c')),
    pdv(3, 0, Buffer.from('d')),
    pdv(3, LAST, Buffer.alloc(0)),
  ),
  pData(),
  releaseRequest(),
]);

test('a stream is cut into its PDUs and fragments', () => {
  const { events, faults } = read([STREAM]);
  expect(faults).toEqual([]);
  expect(events.map(({ kind }) => kind)).toEqual([
    'control 1',
    '1 command',
    '3 command',
    '3 data',
    '3 command',
    '3 data',
    'control 5',
  ]);
  expect(Buffer.from(events[3]?.hex ?? '', 'hex').toString()).toBe('data set of some length');
  expect(events.slice(4, 6).map(({ hex }) => Buffer.from(hex, 'hex').toString())).toEqual(['abc', 'd']);
});

test('it does not matter where TCP cuts the stream, nor when the handler blocks', () => {
  const whole = read([STREAM]);
  expect(read([...STREAM].map((byte) => Buffer.from([byte])))).toEqual(whole);
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: STREAM.length }), { maxLength: 12 }),
      fc.integer({ min: -1, max: 12 }),
      (cuts, blockAt) => {
        const at = [0, ...cuts.toSorted((a, b) => a - b), STREAM.length];
        const pieces = at.slice(1).map((end, index) => STREAM.subarray(at[index], end));
        expect(read(pieces, blockAt)).toEqual(whole);
      },
    ),
    { numRuns: 300, seed: 1 },
  );
});

const faultOf = (bytes: Buffer): ProtocolFault[] => read([bytes]).faults;

test('every length that does not fit ends the reading, and nothing is gathered for it', () => {
  expect(faultOf(Buffer.from('GET / HTTP/1.1\r\n'))).toEqual([
    { source: 2, reason: 1, reasonText: 'unknown PDU type' },
  ]);
  expect(faultOf(pdu(0x04, Buffer.alloc(0), 0xffff_fff0))).toEqual([
    { source: 2, reason: 6, reasonText: 'P-DATA-TF longer than the negotiated maximum' },
  ]);
  expect(faultOf(pdu(0x01, Buffer.alloc(0), 0xffff_fff0))).toEqual([
    { source: 2, reason: 6, reasonText: 'PDU longer than any of its kind can be' },
  ]);
  expect(faultOf(pData(pdv(3, 0, Buffer.alloc(4), 7)))).toEqual([
    { source: 2, reason: 6, reasonText: 'PDV length does not fit its P-DATA-TF' },
  ]);
  expect(faultOf(pData(pdv(3, 0, Buffer.alloc(4), 1)))).toEqual([
    { source: 2, reason: 6, reasonText: 'PDV length does not fit its P-DATA-TF' },
  ]);
  expect(faultOf(pdu(0x04, Buffer.alloc(5)))).toEqual([
    { source: 2, reason: 6, reasonText: 'P-DATA-TF ends inside a PDV header' },
  ]);
});

test('a fragment of the socket is handed on as it is, not copied', () => {
  const bytes = pData(pdv(3, LAST, Buffer.from('pixels')));
  const seen: Buffer[] = [];
  new PduReader(
    {
      expects: () => undefined,
      control: () => {},
      fragment: (_id, _is, part) => seen.push(part),
      fault: () => {},
    },
    LIMITS,
  ).push(bytes);
  expect(seen.map((part) => [part.buffer === bytes.buffer, part.toString()])).toEqual([[true, 'pixels']]);
});
