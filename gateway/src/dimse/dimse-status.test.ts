import { AppError, type AppErrorKind } from '@archwire/contracts';
import { expect, test } from 'vitest';
import * as statuses from './dimse-status.ts';
import { statusOfError } from './dimse-status.ts';

const KINDS: Readonly<Record<AppErrorKind, number>> = {
  invalid: 0xc000,
  unauthenticated: 0x0124,
  forbidden: 0x0124,
  'not-found': 0x0110,
  'method-not-allowed': 0x0110,
  conflict: 0x0110,
  'too-large': 0xa700,
  unsupported: 0x0122,
  'not-acceptable': 0x0110,
  'range-not-satisfiable': 0x0110,
  'rate-limited': 0x0110,
  'storage-full': 0xa700,
  unavailable: 0x0110,
  integrity: 0x0110,
  internal: 0x0110,
};

test('each kind of error has its status', () => {
  const entries = Object.entries(KINDS).map(([kind]) => {
    const known = (Object.keys(KINDS) as AppErrorKind[]).find((name) => name === kind);
    return [kind, known && statusOfError(new AppError(known, 'x')).code];
  });
  expect(Object.fromEntries(entries)).toEqual(KINDS);
  expect([
    statusOfError(new AppError('invalid', 'x', { details: { reason: 'uid-mismatch' } })).code,
    statusOfError(new AppError('invalid', 'x', { details: { reason: 'uid-malformed' } })).code,
    statusOfError(new AppError('invalid', 'x', { details: { reason: 'not-dicom' } })).code,
    statusOfError(new Error('secret of the server')).code,
    statusOfError(undefined).code,
  ]).toEqual([0xa900, 0x0117, 0xc000, 0x0110, 0x0110]);
});

test('every comment fits VR LO, is ASCII, and says what to do', () => {
  const all = [
    ...Object.values(statuses).filter((value) => typeof value === 'object'),
    ...(Object.keys(KINDS) as AppErrorKind[]).map((kind) => statusOfError(new AppError(kind, 'x'))),
    statusOfError(new AppError('invalid', 'x', { details: { reason: 'uid-mismatch' } })),
  ];
  const isPending = (code: number): boolean => code >> 8 === 0xff;
  const comments = all
    .filter(({ code }) => code !== 0 && !isPending(code))
    .map(({ comment }) => comment ?? '');
  expect(comments.filter((comment) => !/^[\x20-\x5b\x5d-\x7e]{10,64}$/.test(comment))).toEqual([]);
});
