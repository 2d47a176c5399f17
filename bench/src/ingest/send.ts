import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Peer } from '@archwire/test-data/processes';

const sendOne = async (peer: Peer, files: readonly string[]): Promise<void> => {
  const child = spawn(
    'dcmsend',
    [
      '-aec',
      peer.calledAe,
      '-aet',
      'BENCH',
      '--no-uid-checks',
      '127.0.0.1',
      String(peer.dimsePort),
      ...files,
    ],
    { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, TCP_NODELAY: '1' } },
  );
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`dcmsend to ${peer.name} ended with ${String(code)}`);
};

/** Sends each group of files on an association of its own, all at once; seconds until the last one is acknowledged. */
export const send = async (peer: Peer, groups: readonly (readonly string[])[]): Promise<number> => {
  const started = performance.now();
  await Promise.all(groups.map((files) => sendOne(peer, files)));
  return (performance.now() - started) / 1000;
};
