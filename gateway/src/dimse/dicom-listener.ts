import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ingest } from '@archwire/archive';
import type { EndedAssociation } from '@archwire/practice-server';
import type { Logger, Metrics } from '@archwire/runtime';
import { REJECTIONS, type Admit, type AssociationPeer, type Refusal } from './admission.ts';
import { createAssociationPdus } from './association-pdus.ts';
import { Association, type AssociationDeps } from './association.ts';
import { ConnectionGate, type GatedConnection } from './connection-gate.ts';
import type { DeviceActivity } from './device-activity.ts';
import { createDimseMetrics } from './dimse-metrics.ts';
import type { DimseService } from './dimse-service.ts';
import { echoService } from './echo-service.ts';
import { DEFAULT_LIMITS, type DimseLimits } from './limits.ts';
import { createPresentationPolicy } from './presentation-policy.ts';

export interface DicomListenerOptions {
  readonly ingest: Ingest;
  /** What is served besides C-ECHO and C-STORE. */
  readonly services: readonly DimseService[];
  readonly admit: Admit;
  /** Told of every refused association, whatever the reason; must not throw. */
  readonly onRefusal?: (refusal: Refusal) => void;
  /** Told of what registered devices send; must neither throw nor wait. */
  readonly activity?: DeviceActivity;
  /** Told of every association that was made and ended; must neither throw nor wait. */
  readonly onEnd?: (ended: EndedAssociation) => void;
  readonly log: Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;
  readonly metrics: Pick<Metrics, 'counter' | 'gauge'>;
  /** Address to bind. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** PEM texts. With `ca`, peers must show a certificate that it signed. TLS 1.2 or newer. */
  readonly tls?: { readonly port: number; readonly key: string; readonly cert: string; readonly ca?: string };
  readonly limits?: Partial<DimseLimits>;
  /** Storage of SOP classes outside the DICOM root; on unless said otherwise. */
  readonly acceptPrivateSopClasses?: boolean;
}

export interface DicomListener {
  readonly port: number;
  readonly tlsPort: number | null;
  /** Takes no more connections, lets transfers under way come to their end, aborts what is idle or takes too long. */
  stop(): Promise<void>;
}

/** A peer that is quiet for this long while we stop is taken to be between two jobs. */
const QUIET_MS = 500;

const NOBODY_COUNTS: DeviceActivity = {
  seen: () => {},
  stored: () => {},
  failed: () => {},
  denied: () => {},
};

interface Connection extends GatedConnection {
  readonly socket: Socket;
  association: Association | null;
}

const addressOf = (socket: Socket): string => (socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/, '');

const certificateOf = (socket: TLSSocket): Pick<AssociationPeer, 'tlsClientCertificate'> => {
  if (!socket.authorized) return {};
  const { fingerprint256, subject } = socket.getPeerCertificate();
  if (!fingerprint256) return {};
  const commonName = subject.CN;
  return {
    tlsClientCertificate: { fingerprint256, commonName: typeof commonName === 'string' ? commonName : null },
  };
};

const listen = (server: Server, host: string, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });

/**
 * The DICOM server: C-ECHO, C-STORE and the services that it is given, over TCP and, when configured, TLS (PS3.8, PS3.15 B.12). C-STORE is answered with
 * Success only after `ingest` says that the bytes are durable.
 */
export const createDicomListener = (options: DicomListenerOptions): { start(): Promise<DicomListener> } => {
  const limits: DimseLimits = { ...DEFAULT_LIMITS, ...options.limits };
  const gate = new ConnectionGate(limits);
  const connections = new Set<Connection>();
  const metrics = createDimseMetrics(options.metrics, () => {
    let open = 0;
    for (const { association } of connections) if (association?.established) open++;
    return open;
  });
  const services = [echoService, ...options.services];
  const deps: AssociationDeps = {
    ingest: options.ingest,
    services,
    admit: options.admit,
    onRefusal: options.onRefusal ?? (() => {}),
    activity: options.activity ?? NOBODY_COUNTS,
    onEnd: options.onEnd ?? (() => {}),
    log: options.log,
    metrics,
    limits,
    policy: createPresentationPolicy({
      acceptPrivateSopClasses: options.acceptPrivateSopClasses ?? true,
      services,
    }),
    pdus: createAssociationPdus(limits),
    perAe: new Map(),
  };

  const enter = (socket: Socket, isTls: boolean): Connection | null => {
    const address = addressOf(socket);
    const connection: Connection = {
      socket,
      address,
      association: null,
      get silent() {
        return this.association === null || this.association.silent;
      },
      evict: () => socket.destroy(),
    };
    if (!gate.enter(connection)) {
      socket.on('error', () => {});
      metrics.refused('too-many-connections');
      deps.onRefusal({ calledAe: null, callingAe: null, address, reason: 'too-many-connections' });
      if (!isTls) socket.write(deps.pdus.reject(...REJECTIONS['too-many-connections']));
      socket.destroySoon();
      return null;
    }
    connections.add(connection);
    socket.once('close', () => {
      gate.leave(connection);
      connections.delete(connection);
    });
    return connection;
  };

  const plainServer = createServer({ noDelay: true }, (socket) => {
    const connection = enter(socket, false);
    if (connection) connection.association = new Association(socket, { address: connection.address }, deps);
  });

  const { tls } = options;
  const tlsServer =
    tls &&
    createTlsServer({
      key: tls.key,
      cert: tls.cert,
      ...(tls.ca === undefined ? {} : { ca: tls.ca }),
      requestCert: tls.ca !== undefined,
      rejectUnauthorized: tls.ca !== undefined,
      minVersion: 'TLSv1.2',
      handshakeTimeout: limits.requestTimeoutMs,
      noDelay: true,
    });
  // The gate counts a connection before its handshake; the two events share nothing but the peer's end of the connection.
  const handshakes = new Map<string, Connection>();
  tlsServer?.on('connection', (socket: Socket) => {
    const connection = enter(socket, true);
    if (!connection) return;
    const end = `${socket.remoteAddress}:${socket.remotePort}`;
    handshakes.set(end, connection);
    socket.once('close', () => handshakes.delete(end));
  });
  tlsServer?.on('secureConnection', (socket) => {
    const connection = handshakes.get(`${socket.remoteAddress}:${socket.remotePort}`);
    // Evicted while it shook hands.
    if (!connection) {
      socket.destroy();
      return;
    }
    connection.association = new Association(
      socket,
      { address: connection.address, ...certificateOf(socket) },
      deps,
    );
  });
  tlsServer?.on('tlsClientError', (error, socket) => {
    options.log.warn({ err: error, address: addressOf(socket) }, 'TLS handshake failed');
    socket.destroy();
  });

  const stop = async (servers: readonly Server[], clock: NodeJS.Timeout): Promise<void> => {
    const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    const deadline = performance.now() + limits.stopTimeoutMs;
    for (;;) {
      const late = performance.now() > deadline;
      for (const { association, socket } of connections) {
        if (!association) socket.destroy();
        else if (late || !association.established || (association.idle && association.idleMs > QUIET_MS))
          association.stop();
      }
      if (late || connections.size === 0) break;
      await sleep(25);
    }
    // After the deadline a peer that does not close on our A-ABORT has had its chance.
    const givenUp = performance.now() + limits.closeTimeoutMs;
    while (connections.size > 0 && performance.now() < givenUp) await sleep(25);
    for (const { socket } of connections) socket.destroy();
    clearInterval(clock);
    await Promise.all(closed);
  };

  return {
    async start() {
      const port = await listen(plainServer, options.host, options.port);
      const tlsPort = tls && tlsServer ? await listen(tlsServer, options.host, tls.port) : null;
      const servers = tlsServer ? [plainServer, tlsServer] : [plainServer];
      for (const server of servers) {
        server.on('error', (error) => options.log.error({ err: error }, 'DICOM listener failed to accept'));
      }
      const shortest = Math.min(
        limits.requestTimeoutMs,
        limits.stallTimeoutMs,
        limits.idleTimeoutMs,
        limits.closeTimeoutMs,
      );
      const clock = setInterval(
        () => {
          for (const { association } of connections) association?.checkClock();
        },
        Math.max(20, Math.min(1000, shortest / 4)),
      );
      clock.unref();
      let stopping: Promise<void> | undefined;
      return { port, tlsPort, stop: () => (stopping ??= stop(servers, clock)) };
    },
  };
};
