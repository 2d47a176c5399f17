import { createHmac, timingSafeEqual } from 'node:crypto';

import { AppError } from '@archwire/contracts';
import { z } from 'zod';

const whole = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);
const Query = z.object({
  tenant: z.uuid(),
  key: z.string().max(200),
  offset: whole,
  length: whole,
  from: whole,
  count: whole,
  expires: whole,
  signature: z.string().max(100),
});

/** One node asks another for bytes of a record that lies in the other's journal. */
export interface JournalRequest {
  readonly tenantId: string;
  /** The record, as the index names it. */
  readonly key: string;
  readonly offset: number;
  readonly length: number;
  /** What of it, counted from the start of the object. */
  readonly from: number;
  readonly count: number;
}

const VALID_SECONDS = 300;

const digest = (secret: Uint8Array, request: JournalRequest, expires: number): Buffer => {
  const { tenantId, key, offset, length, from, count } = request;
  return createHmac('sha256', secret)
    .update(JSON.stringify([tenantId, key, offset, length, from, count, expires]))
    .digest();
};

/** The query string of a request, signed with the secret that all nodes of an installation share. */
export const signJournalRequest = (
  secret: Uint8Array,
  request: JournalRequest,
  now: number = Date.now(),
): string => {
  const expires = Math.floor(now / 1000) + VALID_SECONDS;
  return new URLSearchParams({
    tenant: request.tenantId,
    key: request.key,
    offset: String(request.offset),
    length: String(request.length),
    from: String(request.from),
    count: String(request.count),
    expires: String(expires),
    signature: digest(secret, request, expires).toString('base64url'),
  }).toString();
};

/** @throws AppError `forbidden` when anything was changed, the time is over, or it asks for more than the record. */
export const verifyJournalRequest = (
  secret: Uint8Array,
  query: URLSearchParams,
  now: number = Date.now(),
): JournalRequest => {
  const refuse = (): never => {
    throw new AppError('forbidden', 'This is no valid request of a node. Do the clocks of the nodes agree?');
  };
  const parsed = Query.safeParse(Object.fromEntries(query));
  if (!parsed.success) return refuse();
  const { tenant, expires, signature, ...record } = parsed.data;
  const request: JournalRequest = { tenantId: tenant, ...record };
  const expected = digest(secret, request, expires);
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return refuse();
  if (expires * 1000 <= now) return refuse();
  const { offset, length, from, count } = request;
  if (from < offset || from + count > offset + length) return refuse();
  return request;
};
