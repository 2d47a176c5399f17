import { readFileSync } from 'node:fs';

const LISTEN = '0A';
const TIME_WAIT = '06';

/** Connections to a local TCP port that its server still holds (proc_net_tcp of the kernel's documentation). */
export const openConnections = (port: number): number => {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return ['/proc/net/tcp', '/proc/net/tcp6']
    .flatMap((table) => readFileSync(table, 'utf8').split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([, local = '', , state = '', , , , , , inode = '0']) =>
        local.endsWith(suffix) && state !== LISTEN && state !== TIME_WAIT && inode !== '0',
    ).length;
};
