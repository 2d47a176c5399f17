import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { endProcess, freePort, waitFor, type Peer } from '@archwire/test-data/processes';

const ENVIRONMENT = { ...process.env, TCP_NODELAY: '1' };

/** Runs a DCMTK tool to its end. */
export const dcmtk = async (
  tool: string,
  args: readonly string[],
): Promise<{ code: number | null; output: string }> => {
  const child = spawn(tool, args, { stdio: ['ignore', 'pipe', 'pipe'], env: ENVIRONMENT });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = await once(child, 'exit');
  return { code: typeof code === 'number' ? code : null, output };
};

/** The files for which `storescu` saw Success, in one association; it may be cut off at any time. */
export const storescu = async (
  peer: Peer,
  files: readonly string[],
  callingAe = 'E2E',
): Promise<string[]> => {
  const { output } = await dcmtk('storescu', [
    '-v',
    '-R',
    '-xs',
    '-aet',
    callingAe,
    '-aec',
    peer.calledAe,
    '127.0.0.1',
    String(peer.dimsePort),
    ...files,
  ]);
  const stored: string[] = [];
  let current: string | undefined;
  for (const line of output.split('\n')) {
    current = /Sending file: (.+)$/.exec(line)?.[1] ?? current;
    if (line.includes('Received Store Response (Success)') && current !== undefined) stored.push(current);
  }
  return stored;
};

/** The data set of a Part 10 file: what follows group 2, which every receiver writes anew. */
export const dataSetOf = (file: Buffer): Buffer => {
  const groupLength = file.readUInt32LE(140);
  return file.subarray(144 + groupLength);
};

/** What `storescu` puts on the wire for a file, as the bit-preserving `storescp +B` wrote it: a sender may encode sequences anew. */
export const sentBy = async (file: string, folder: string): Promise<Buffer> => {
  const output = await mkdtemp(join(folder, 'wire-'));
  const port = await freePort();
  const receiver = spawn('storescp', ['+B', '+xa', '-od', output, String(port)], { stdio: 'ignore' });
  try {
    const peer = {
      name: 'storescp',
      pid: 0,
      dimsePort: port,
      calledAe: 'ANY',
      stop: () => endProcess(receiver),
    };
    await waitFor('storescp', async () => (await dcmtk('echoscu', ['127.0.0.1', String(port)])).code === 0);
    await storescu(peer, [file]);
    const [written] = await readdir(output);
    if (written === undefined) throw new Error('storescp wrote nothing');
    return await readFile(join(output, written));
  } finally {
    await endProcess(receiver);
  }
};
