import { describe, expect, it } from 'vitest';
import { patientBackend } from './patient-backend.ts';

const failing = (fields: object, message = 'failed') =>
  patientBackend({
    kept: 7,
    now: (n: number) => n + 1,
    later: async (n: number) => n + 1,
    fails: async () => {
      throw Object.assign(new Error(message), fields);
    },
  });
const codeOf = async (fields: object, message?: string): Promise<unknown> =>
  await failing(fields, message)
    .fails()
    .then(
      () => 'no error',
      (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
    );

describe('the backend of a worker', () => {
  it.each(['57P01', '57P03', '08006', '53300', 'ECONNRESET', 'EHOSTUNREACH', 'ECONNREFUSED'])(
    'says ECONNREFUSED for %s, so that the worker pauses and repeats',
    async (code) => {
      expect(await codeOf({ code })).toBe('ECONNREFUSED');
    },
  );

  it('knows a lost connection by its words, because pg gives it no code', async () => {
    expect(await codeOf({}, 'Connection terminated unexpectedly')).toBe('ECONNREFUSED');
  });

  it('leaves everything else as it is', async () => {
    expect(await codeOf({ code: '23505' })).toBe('23505');
    expect(await codeOf({}, 'Missing lock for job 1')).toEqual(new Error('Missing lock for job 1'));
    const backend = failing({});
    expect([backend.kept, backend.now(1), await backend.later(2)]).toEqual([7, 2, 3]);
  });
});
