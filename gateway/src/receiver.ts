import os from 'node:os';
import { isLoopback, type ReceiverView } from '@archwire/practice-server';
import type { Config } from '@archwire/runtime';

const outside = (): string[] =>
  Object.values(os.networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);

/**
 * What has to be typed into a device so that it reaches this server. The ports are those that were bound, when the
 * listener runs in this process, else those of the configuration.
 */
export const receiverOf =
  (
    config: Pick<Config, 'aeTitle' | 'bind' | 'dimsePort' | 'dimseTls' | 'watchDir'>,
    bound: { readonly port: number; readonly tlsPort: number | null } | null,
  ): (() => ReceiverView) =>
  () => ({
    aeTitle: config.aeTitle,
    hosts: isLoopback(config.bind) ? [] : ['0.0.0.0', '::'].includes(config.bind) ? outside() : [config.bind],
    port: bound?.port ?? config.dimsePort,
    tlsPort: bound?.tlsPort ?? config.dimseTls?.port ?? null,
    watchDir: config.watchDir,
    tlsClientCertificate: config.dimseTls?.ca != null,
  });
