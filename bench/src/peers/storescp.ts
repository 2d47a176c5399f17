import { spawn, spawnSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { endProcess, freePort, waitFor, type Peer } from '@archwire/test-data/processes';

/** DCMTK's `storescp +B`: it writes what arrives, bit-preserving, without an index and, as far as seen, without fsync. */
export const startStorescp = async (
  folder: string,
): Promise<Peer & { /** Its folder of received objects. */ readonly output: string }> => {
  const dimsePort = await freePort();
  const output = join(folder, 'storescp');
  await mkdir(output, { recursive: true });
  const child = spawn('storescp', ['+B', '+xa', '-od', output, String(dimsePort)], {
    stdio: 'ignore',
    env: { ...process.env, TCP_NODELAY: '1' },
  });
  await waitFor('storescp', async () => spawnSync('echoscu', ['127.0.0.1', String(dimsePort)]).status === 0);
  return {
    name: 'storescp +B',
    pid: child.pid ?? 0,
    dimsePort,
    calledAe: 'ANY-SCP',
    output,
    stop: () => endProcess(child),
  };
};
