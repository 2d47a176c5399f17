import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';

import { AppError } from '@archwire/contracts';

import { signJournalRequest, type JournalRequest } from './journal-request.ts';
import type { KnownNode, NodeDirectory } from './node-directory.ts';

/** Reads records that still lie in the journal of another node. */
export interface RemoteJournal {
  /** @throws AppError `not-found` when the bytes have moved; `unavailable`, with `details.node`, when the node does not answer. */
  open(node: string, request: JournalRequest): Promise<Readable>;
  read(node: string, request: JournalRequest): Promise<Buffer>;
}

const ANSWER_MS = 10_000;

const away = (name: string, node: KnownNode | undefined, cause?: unknown): AppError => {
  const seen = node === undefined ? '' : ` It was last seen at ${node.seenAt.toISOString()}.`;
  const why =
    node !== undefined && node.url === null
      ? 'which lets no other node read it. Set its ARCHWIRE_NODE_PORT.'
      : `which does not answer.${seen} Start it again: nothing is lost.`;
  return new AppError('unavailable', `These bytes still lie in the journal of node ${name}, ${why}`, {
    cause,
    details: { node: name },
  });
};

/** Where an answer ends too early, so does whatever is made of it: an error, never a shorter image. */
const whole = (name: string, node: KnownNode, body: ReadableStream, length: number): Readable =>
  Readable.from(
    (async function* () {
      let left = length;
      try {
        for await (const chunk of Readable.fromWeb(body)) {
          const bytes: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
          left -= bytes.length;
          yield bytes;
        }
      } catch (error) {
        throw away(name, node, error);
      }
      if (left !== 0) throw away(name, node);
    })(),
    { objectMode: false },
  );

export const createRemoteJournal = (deps: {
  readonly directory: Pick<NodeDirectory, 'find'>;
  readonly secret: Uint8Array;
}): RemoteJournal => {
  const open: RemoteJournal['open'] = async (name, request) => {
    const node = await deps.directory.find(name);
    if (node?.url === undefined || node.url === null) throw away(name, node);
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), ANSWER_MS);
    let answer: Response;
    try {
      answer = await fetch(`${node.url}/journal?${signJournalRequest(deps.secret, request)}`, {
        signal: abort.signal,
        redirect: 'error',
      });
    } catch (error) {
      throw away(name, node, error);
    } finally {
      clearTimeout(timer);
    }
    if (answer.ok && answer.body !== null) return whole(name, node, answer.body, request.count);
    await answer.body?.cancel();
    if (answer.status === 404)
      throw new AppError('not-found', 'The bytes have moved. Look their location up again.');
    throw new AppError(
      'unavailable',
      `Node ${name} refused to let its journal be read (${answer.status}). Do the clocks of the nodes agree?`,
      { details: { node: name } },
    );
  };
  return {
    open,
    read: async (node, request) => {
      const chunks: Buffer[] = [];
      for await (const chunk of await open(node, request)) chunks.push(chunk);
      return Buffer.concat(chunks);
    },
  };
};
