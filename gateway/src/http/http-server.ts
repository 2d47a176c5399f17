import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { AppError } from '@archwire/contracts';

const HEADERS_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_MS = 65_000;
/** Requests under way may end; what takes longer is cut. */
const DRAIN_MS = 10_000;

export interface HttpServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** Listens. Bodies may take as long as they need (a STOW of thousands); only headers have a time limit here. */
export const startHttpServer = async (options: {
  /** koa's callback answers a promise that nobody needs to wait for. */
  readonly handler: (...request: Parameters<RequestListener>) => unknown;
  readonly host: string;
  readonly port: number;
}): Promise<HttpServer> => {
  const server = createServer(
    { requestTimeout: 0, headersTimeout: HEADERS_TIMEOUT_MS, keepAliveTimeout: KEEP_ALIVE_MS, noDelay: true },
    (request, response) => void options.handler(request, response),
  );
  server.listen(options.port, options.host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new AppError(
      'unavailable',
      `The HTTP port ${options.port} of ${options.host} cannot be used. Set ARCHWIRE_HTTP_PORT or ARCHWIRE_BIND.`,
      {
        cause: error,
      },
    );
  }
  const address = server.address();
  return {
    port: address === null || typeof address === 'string' ? options.port : address.port,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
      await closed;
      clearTimeout(timer);
    },
  };
};
