import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { AssociationError, type AssociationFailure } from './association-error.ts';

/** PEM texts: our certificate for peers that want one, and the authority that signed theirs (else the public ones). */
export interface ScuTls {
  readonly key?: string;
  readonly cert?: string;
  readonly ca?: string;
  /** `false`: take any certificate, to find out whether there is TLS at all. */
  readonly rejectUnauthorized?: boolean;
}

const NAMES: ReadonlySet<unknown> = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EAI_NONAME']);

const failureOf = (error: Error, isConnected: boolean): AssociationFailure => {
  const code = 'code' in error ? error.code : undefined;
  if (isConnected) return { at: 'tls-failed' };
  if (code === 'ECONNREFUSED') return { at: 'connection-refused' };
  if (code === 'ETIMEDOUT') return { at: 'connect-timeout' };
  return { at: NAMES.has(code) ? 'name-unknown' : 'unreachable' };
};

/**
 * Opens a connection, with TLS a secured one (PS3.15 B.12).
 * @throws AssociationError `name-unknown`, `connection-refused`, `unreachable`, `connect-timeout`, `tls-failed`.
 */
export const connectSocket = async (options: {
  readonly host: string;
  readonly port: number;
  readonly tls: ScuTls | null;
  readonly timeoutMs: number;
}): Promise<Socket> => {
  const { host, port, tls, timeoutMs } = options;
  return await new Promise((resolve, reject) => {
    let isConnected = false;
    const socket: Socket =
      tls === null
        ? connect({ host, port, noDelay: true })
        : connectTls({ host, port, ...tls, minVersion: 'TLSv1.2' });
    const fail = (failure: AssociationFailure, cause?: unknown): void => {
      clearTimeout(timer);
      socket.on('error', () => {});
      socket.destroy();
      reject(new AssociationError(failure, cause));
    };
    const timer = setTimeout(() => fail({ at: isConnected ? 'tls-failed' : 'connect-timeout' }), timeoutMs);
    const onError = (error: Error): void => fail(failureOf(error, isConnected), error);
    const onClose = (): void => fail({ at: isConnected ? 'tls-failed' : 'unreachable' });
    socket.once('error', onError);
    socket.once('close', onClose);
    socket.once('connect', () => (isConnected = true));
    socket.once(tls === null ? 'connect' : 'secureConnect', () => {
      clearTimeout(timer);
      socket.off('error', onError);
      socket.off('close', onClose);
      socket.setNoDelay(true);
      resolve(socket);
    });
  });
};
