// Real: the signature that nodes put on their requests; no server.
import { describe, expect, it } from 'vitest';
import { signJournalRequest, verifyJournalRequest } from './journal-request.ts';

const secret = new Uint8Array(32).fill(7);
const request = {
  tenantId: '0192f7a4-7f7c-7c3e-8d2a-3b0f8e5d1c4b',
  key: 'node-b/segments/000000000000001.seg',
  offset: 4096,
  length: 1000,
  from: 4100,
  count: 10,
};
const NOW = 1_800_000_000_000;
const signed = (): URLSearchParams => new URLSearchParams(signJournalRequest(secret, request, NOW));
const refused = expect.objectContaining({ kind: 'forbidden' });
const verify = (query: URLSearchParams, now = NOW, by = secret): unknown => {
  try {
    return verifyJournalRequest(by, query, now);
  } catch (error) {
    return error;
  }
};

describe('a request of one node to another', () => {
  it('is what was signed', () => {
    expect(verify(signed())).toEqual(request);
  });

  it('is refused when anything in it was changed, when it is old, and with another secret', () => {
    const changes = [...signed().keys()].map((name) => {
      const query = signed();
      const value = query.get(name) ?? '';
      query.set(
        name,
        name === 'tenant' ? value.replace('0192', '0193') : /^\d+$/.test(value) ? '1' : `${value}x`,
      );
      return verify(query);
    });
    expect(changes).toEqual(changes.map(() => refused));
    expect(changes.length).toBe(8);
    expect(verify(signed(), NOW + 301_000)).toEqual(refused);
    expect(verify(signed(), NOW, new Uint8Array(32))).toEqual(refused);
    expect(verify(new URLSearchParams())).toEqual(refused);
  });

  it('never reaches beyond its record, however well it is signed', () => {
    const wide = [
      { from: 4095, count: 10 },
      { from: 5090, count: 7 },
      { from: 4096, count: 1001 },
    ].map((range) => verify(new URLSearchParams(signJournalRequest(secret, { ...request, ...range }, NOW))));
    expect(wide).toEqual(wide.map(() => refused));
  });
});
