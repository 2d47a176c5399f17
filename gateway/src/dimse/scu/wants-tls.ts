import { connectSocket } from './connect-socket.ts';

/** Whether a server takes TLS: many that want it hang up on whoever does not offer it. */
export const wantsTls = async (
  { host, port }: { readonly host: string; readonly port: number },
  timeoutMs: number,
): Promise<boolean> => {
  try {
    const socket = await connectSocket({ host, port, tls: { rejectUnauthorized: false }, timeoutMs });
    socket.on('error', () => {}).destroy();
    return true;
  } catch {
    return false;
  }
};
