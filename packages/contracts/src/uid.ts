import { z } from 'zod';

const UID_PATTERN = /^[0-2](?:\.(?:0|[1-9][0-9]*))+$/;
/** What devices send in fact: digits and dots, leading zeros in components included. */
const LENIENT_UID_PATTERN = /^[0-9]+(?:\.[0-9]+)+$/;

/** PS3.5 section 9: at most 64 characters, numeric components without leading zeros. */
export const isUid = (text: string): boolean => text.length <= 64 && UID_PATTERN.test(text);

/** Accepts the malformed but harmless UIDs that real devices send (leading zeros); safe in a path or a query. */
export const isUidLenient = (text: string): boolean => text.length <= 64 && LENIENT_UID_PATTERN.test(text);

/** A UID at a door; lenient, because an image with a leading zero in its UID is still somebody's image. */
export const Uid = z.string().refine(isUidLenient, 'A UID has at most 64 characters: digits and dots only.');

/** A new globally unique UID from a UUID (PS3.5 section B.2). */
export const createUid = (): string => `2.25.${BigInt(`0x${crypto.randomUUID().replaceAll('-', '')}`)}`;
