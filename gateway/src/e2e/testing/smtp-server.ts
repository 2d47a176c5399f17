import { createServer, type Server } from 'node:net';
import { freePort, waitFor } from '@archwire/test-data/processes';

export interface SmtpServer {
  readonly url: string;
  /** Whole messages as they came over the wire, quoted-printable undone. */
  readonly received: readonly string[];
  /** The next mail after those seen so far. */
  next(): Promise<string>;
  /** Refuses every mail from now on with a passing error, or takes them again. */
  refuse(isRefusing: boolean): void;
  stop(): Promise<void>;
}

const plain = (message: string): string =>
  Buffer.from(
    message
      .replaceAll('=\r\n', '')
      .replaceAll(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8');

/** A receiving SMTP server (RFC 5321) of the few commands that a sender needs, which keeps what it is given. */
export const startSmtpServer = async (): Promise<SmtpServer> => {
  const received: string[] = [];
  let seen = 0;
  let refusing = false;
  const server: Server = createServer((socket) => {
    let buffer = '';
    let data: string[] | null = null;
    const answer = (line: string): void => void socket.write(`${line}\r\n`);
    answer('220 test');
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      buffer += chunk.toString('latin1');
      for (let end = buffer.indexOf('\r\n'); end !== -1; end = buffer.indexOf('\r\n')) {
        const line = buffer.slice(0, end);
        buffer = buffer.slice(end + 2);
        if (data !== null && line === '.') {
          received.push(plain(data.join('\r\n')));
          data = null;
          answer('250 taken');
        } else if (data !== null) data.push(line.startsWith('.') ? line.slice(1) : line);
        else if (/^MAIL/i.test(line) && refusing) answer('451 try again later');
        else if (/^DATA/i.test(line)) {
          data = [];
          answer('354 go on');
        } else if (/^QUIT/i.test(line)) socket.end('221 bye\r\n');
        else answer('250 test');
      }
    });
  });
  const port = await freePort();
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    refuse: (isRefusing) => {
      refusing = isRefusing;
    },
    next: async () => {
      await waitFor('a mail', async () => received.length > seen, { seconds: 60 });
      seen += 1;
      return received[seen - 1] ?? '';
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
};
