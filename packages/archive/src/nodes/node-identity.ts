import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { AppError } from '@archwire/contracts';
import { z } from 'zod';

/** A name of a node: what keys of its journal begin with. The folders of a journal are no names. */
export const NodeName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,62}$/, 'small letters, digits, dots and hyphens, at most 63')
  .refine((name) => !['segments', 'large', 'spare', 'packs'].includes(name), 'this name is taken');

const Identity = z.object({ name: NodeName, journalId: z.uuid(), legacy: z.boolean() });

/** Who this node is, as its journal folder says. */
export interface NodeIdentity {
  readonly name: string;
  /** Tells two journals of one name apart. */
  readonly journalId: string;
  /** The journal is older than names: keys without one are its. */
  readonly legacy: boolean;
}

const inventName = (): string => {
  const host = hostname()
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, 40);
  return `${host === '' ? 'node' : host}-${randomBytes(2).toString('hex')}`;
};

const list = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};

/**
 * Reads the identity that lies in the journal folder, or gives it one, once and for ever: the index refers to the journal
 * by this name. @throws AppError `conflict` when another name is `wanted` than the folder has.
 */
export const nodeIdentity = (folder: string, wanted: string | null): NodeIdentity => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'node.json');
  if (list(folder).includes('node.json')) {
    const known = Identity.parse(JSON.parse(readFileSync(path, 'utf8')));
    if (wanted !== null && wanted !== known.name) {
      throw new AppError(
        'conflict',
        `The journal in this data folder is that of node ${known.name}, and the index finds its images by that name. Set ARCHWIRE_NODE_NAME to ${known.name}, or give node ${wanted} a data folder of its own.`,
      );
    }
    return known;
  }
  const legacy = [...list(join(folder, 'segments')), ...list(join(folder, 'large'))].length > 0;
  const identity = { name: wanted ?? inventName(), journalId: randomUUID(), legacy };
  writeFileSync(`${path}.new`, JSON.stringify(identity), { mode: 0o600, flush: true });
  renameSync(`${path}.new`, path);
  return identity;
};
