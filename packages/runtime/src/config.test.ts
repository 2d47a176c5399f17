import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from './config.ts';
import { ConfigError } from './config-error.ts';

const SECRET_KEY = Buffer.alloc(32, 7).toString('base64');

const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

describe('configuration', () => {
  it('has the defaults of the design', () => {
    expect(loadConfig({})).toEqual({
      dataDir: path.resolve('data'),
      bind: '127.0.0.1',
      httpPort: 8080,
      dimsePort: 11_112,
      aeTitle: 'ARCHWIRE',
      dimseTls: null,
      services: new Set(['http', 'dimse', 'workers']),
      databaseUrl: null,
      redisUrl: null,
      secretKey: null,
      mail: null,
      admin: { email: null, password: null },
      storeDir: path.resolve('data/store'),
      node: { name: null, port: null, url: null },
      logLevel: 'info',
      publicUrl: null,
      trustProxy: false,
      requireTotp: true,
      watchDir: null,
      settleIdleSeconds: 10,
      journalSegmentBytes: 64 * 1024 * 1024,
      diskHeadroomBytes: 1024 * 1024 * 1024,
      shutdownSeconds: 20,
      warnings: [],
    });
  });

  it('reads every variable', () => {
    const config = loadConfig({
      ARCHWIRE_DATA_DIR: '/srv/archwire',
      ARCHWIRE_BIND: '0.0.0.0',
      ARCHWIRE_HTTP_PORT: '0',
      ARCHWIRE_DIMSE_PORT: '104',
      ARCHWIRE_AE_TITLE: 'NORTH PACS',
      ARCHWIRE_DIMSE_TLS_PORT: '2762',
      ARCHWIRE_TLS_KEY: 'key.pem',
      ARCHWIRE_TLS_CERT: 'cert.pem',
      ARCHWIRE_SERVICES: 'http, workers',
      DATABASE_URL: 'postgres://db/archwire',
      REDIS_URL: 'rediss://cache:6379',
      ARCHWIRE_SECRET_KEY: SECRET_KEY,
      ARCHWIRE_SMTP_URL: 'smtps://us:er@mail.example.org:465',
      ARCHWIRE_MAIL_FROM: 'Archwire <images@example.org>',
      ARCHWIRE_ADMIN_EMAIL: 'ada@example.org',
      ARCHWIRE_ADMIN_PASSWORD: 'twelve or more',
      ARCHWIRE_STORE_DIR: '/srv/store',
      ARCHWIRE_NODE_NAME: 'lyon-1',
      ARCHWIRE_NODE_PORT: '8090',
      ARCHWIRE_NODE_URL: 'http://lyon-1:8090/',
      ARCHWIRE_LOG_LEVEL: 'warn',
      ARCHWIRE_PUBLIC_URL: 'https://images.example.org',
      ARCHWIRE_TRUST_PROXY: 'true',
      ARCHWIRE_REQUIRE_TOTP: 'false',
      ARCHWIRE_SETTLE_IDLE_SECONDS: '2.5',
      ARCHWIRE_JOURNAL_SEGMENT_MB: '8',
      ARCHWIRE_DISK_HEADROOM_MB: '0',
      ARCHWIRE_WATCH_DIR: '/srv/watched',
      ARCHWIRE_SHUTDOWN_SECONDS: '5',
    });
    expect(config).toEqual({
      dataDir: '/srv/archwire',
      bind: '0.0.0.0',
      httpPort: 0,
      dimsePort: 104,
      aeTitle: 'NORTH PACS',
      dimseTls: { port: 2762, key: 'key.pem', cert: 'cert.pem', ca: null },
      services: new Set(['http', 'workers']),
      databaseUrl: 'postgres://db/archwire',
      redisUrl: 'rediss://cache:6379',
      secretKey: SECRET_KEY,
      mail: { url: 'smtps://us:er@mail.example.org:465', from: 'Archwire <images@example.org>' },
      admin: { email: 'ada@example.org', password: 'twelve or more' },
      storeDir: '/srv/store',
      node: { name: 'lyon-1', port: 8090, url: 'http://lyon-1:8090' },
      logLevel: 'warn',
      publicUrl: new URL('https://images.example.org'),
      trustProxy: true,
      requireTotp: false,
      watchDir: '/srv/watched',
      settleIdleSeconds: 2.5,
      journalSegmentBytes: 8 * 1024 * 1024,
      diskHeadroomBytes: 0,
      shutdownSeconds: 5,
      warnings: [],
    });
  });

  it('lists every problem at once, and none of the values', () => {
    const problems = problemsOf({
      ARCHWIRE_HTTP_PORT: '99999',
      ARCHWIRE_AE_TITLE: 'A TITLE THAT IS TOO LONG',
      ARCHWIRE_SERVICES: 'http,coffee',
      DATABASE_URL: 'mysql://user:secret@db',
      ARCHWIRE_ADMIN_PASSWORD: 'short',
    });
    expect(new Set(problems.map((problem) => problem.split(':')[0]))).toEqual(
      new Set([
        'ARCHWIRE_ADMIN_PASSWORD',
        'ARCHWIRE_AE_TITLE',
        'ARCHWIRE_HTTP_PORT',
        'ARCHWIRE_SERVICES',
        'DATABASE_URL',
      ]),
    );
    expect(problems.join('\n')).not.toContain('secret');
  });

  it('wants key and certificate for DICOM TLS', () => {
    expect(problemsOf({ ARCHWIRE_DIMSE_TLS_PORT: '2762' })).toEqual([
      'ARCHWIRE_TLS_KEY: needed when ARCHWIRE_DIMSE_TLS_PORT is set',
      'ARCHWIRE_TLS_CERT: needed when ARCHWIRE_DIMSE_TLS_PORT is set',
    ]);
  });

  it('takes an empty variable for an unset one and warns about a misspelt one', () => {
    const config = loadConfig({
      ARCHWIRE_BIND: '',
      ARCHWIRE_HTTPPORT: '1',
      ARCHWIRE_SAMPLES: '/x',
      PATH: '/bin',
    });
    expect(config.bind).toBe('127.0.0.1');
    expect(config.warnings).toEqual([
      'ARCHWIRE_HTTPPORT is not a variable of Archwire; check its spelling in the README.',
    ]);
  });
});
