import { execFile, spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';

/** Debian installs Orthanc where only root looks. */
const env = { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin`, TCP_NODELAY: '1' };

export interface ToolRun {
  readonly code: number;
  readonly output: string;
}

/** Runs a tool of DCMTK or OpenSSL to its end. A tool that is not installed fails the test: it is part of the proof. */
export const runTool = (name: string, args: readonly string[]): Promise<ToolRun> =>
  new Promise((resolve, reject) => {
    execFile(name, [...args], { env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number' && !error.signal) reject(error);
      else
        resolve({
          code: typeof error?.code === 'number' ? error.code : error ? -1 : 0,
          output: stdout + stderr,
        });
    });
  });

export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

export interface PeerProcess {
  stop(): Promise<void>;
  output(): string;
}

/** Starts a server and waits until it listens on all of `ports`. */
export const startPeer = async (
  name: string,
  args: readonly string[],
  ports: readonly number[],
): Promise<PeerProcess> => {
  const child = spawn(name, [...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = new Promise<void>((resolve, reject) => {
    child.once('exit', () => resolve());
    child.once('error', reject);
  });
  for (let tries = 0; ; tries++) {
    const up = await Promise.all(ports.map(isListening));
    if (up.every(Boolean)) break;
    if (tries > 300 || child.exitCode !== null) throw new Error(`${name} does not listen: ${output}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    output: () => output,
    async stop() {
      child.kill();
      await exited;
    },
  };
};
