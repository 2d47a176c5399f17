import path from 'node:path';
import { AeTitle } from '@archwire/contracts';
import { z } from 'zod';
import { ConfigError } from './config-error.ts';

const SERVICES = ['http', 'dimse', 'workers'] as const;
export type Service = (typeof SERVICES)[number];

const port = z.coerce.number().int().min(0).max(65_535);
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const seconds = z.coerce.number().positive();
const url = (...protocols: string[]) =>
  z.url({
    protocol: new RegExp(`^(?:${protocols.join('|')})$`),
    error: `expected a URL: ${protocols.join(':// or ')}://…`,
  });

/** Variables that ask for others. */
const NEEDS = [
  ['ARCHWIRE_DIMSE_TLS_PORT', ['ARCHWIRE_TLS_KEY', 'ARCHWIRE_TLS_CERT']],
  // Links in letters lead there: taken from a request, they could lead anywhere.
  ['ARCHWIRE_SMTP_URL', ['ARCHWIRE_MAIL_FROM', 'ARCHWIRE_PUBLIC_URL']],
] as const;

/** Every variable the product reads, with its default. DESIGN section 5 fixes the first group. */
const VARIABLES = z
  .object({
    ARCHWIRE_DATA_DIR: z.string().min(1).default('./data'),
    ARCHWIRE_BIND: z.string().min(1).default('127.0.0.1'),
    ARCHWIRE_HTTP_PORT: port.default(8080),
    ARCHWIRE_DIMSE_PORT: port.default(11_112),
    ARCHWIRE_AE_TITLE: AeTitle.default('ARCHWIRE'),
    ARCHWIRE_DIMSE_TLS_PORT: port.optional(),
    ARCHWIRE_TLS_KEY: z.string().optional(),
    ARCHWIRE_TLS_CERT: z.string().optional(),
    ARCHWIRE_TLS_CA: z.string().optional(),
    ARCHWIRE_SERVICES: z
      .string()
      .default(SERVICES.join(','))
      .transform((text) => text.split(',').map((name) => name.trim()))
      .pipe(z.array(z.enum(SERVICES)).min(1)),
    DATABASE_URL: url('postgres', 'postgresql').optional(),
    REDIS_URL: url('redis', 'rediss').optional(),
    ARCHWIRE_ADMIN_EMAIL: z.email().optional(),
    ARCHWIRE_SECRET_KEY: z
      .string()
      .refine(
        (text) => Buffer.from(text, 'base64').length === 32,
        'expected 32 bytes in base64, as "openssl rand -base64 32" prints them',
      )
      .optional(),
    ARCHWIRE_SMTP_URL: url('smtp', 'smtps').optional(),
    ARCHWIRE_MAIL_FROM: z.string().min(3).max(320).optional(),
    ARCHWIRE_ADMIN_PASSWORD: z.string().min(12, 'at least 12 characters').max(256).optional(),

    ARCHWIRE_STORE_DIR: z.string().min(1).optional(),
    ARCHWIRE_WATCH_DIR: z.string().min(1).optional(),
    ARCHWIRE_NODE_NAME: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{0,62}$/, 'small letters, digits, dots and hyphens, at most 63')
      .optional(),
    ARCHWIRE_NODE_PORT: port.optional(),
    ARCHWIRE_NODE_URL: url('http', 'https').optional(),

    ARCHWIRE_LOG_LEVEL: z
      .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
      .default('info'),
    ARCHWIRE_PUBLIC_URL: url('http', 'https').optional(),
    ARCHWIRE_TRUST_PROXY: flag.default(false),
    ARCHWIRE_REQUIRE_TOTP: flag.default(true),
    ARCHWIRE_SETTLE_IDLE_SECONDS: seconds.default(10),
    ARCHWIRE_JOURNAL_SEGMENT_MB: z.coerce.number().int().min(4).max(1024).default(64),
    ARCHWIRE_DISK_HEADROOM_MB: z.coerce.number().int().nonnegative().default(1024),
    ARCHWIRE_SHUTDOWN_SECONDS: seconds.default(20),
  })
  .superRefine((env, context) => {
    for (const [when, names] of NEEDS) {
      if (env[when] === undefined) continue;
      for (const name of names) {
        if (env[name] === undefined)
          context.addIssue({ code: 'custom', path: [name], message: `needed when ${when} is set` });
      }
    }
  });

/** Their names; the README's table is held against them. */
export const CONFIG_VARIABLES: readonly string[] = Object.keys(VARIABLES.shape);

/** Variables of tests, bench and demo; they are no spelling mistakes. */
const IGNORED = /^ARCHWIRE_(?:SAMPLES|TEST_|BENCH_|DEMO_)/;

export interface Config {
  /** Absolute. */
  readonly dataDir: string;
  readonly bind: string;
  readonly httpPort: number;
  readonly dimsePort: number;
  readonly aeTitle: string;
  /** Paths of PEM files; `ca` set means client certificates are required. */
  readonly dimseTls: {
    readonly port: number;
    readonly key: string;
    readonly cert: string;
    readonly ca: string | null;
  } | null;
  readonly services: ReadonlySet<Service>;
  /** `null`: the embedded PostgreSQL under the data folder. */
  readonly databaseUrl: string | null;
  /** `null`: jobs live in PostgreSQL. */
  readonly redisUrl: string | null;
  /** `null`: the file in the data folder. */
  readonly secretKey: string | null;
  /** `null`: no letter is ever sent. */
  readonly mail: { readonly url: string; readonly from: string } | null;
  readonly admin: { readonly email: string | null; readonly password: string | null };
  /** Absolute. The folder of the object store; nodes of one installation share it. */
  readonly storeDir: string;
  /** Absolute. Below it devices may have a folder that they write into; `null`: none is watched. */
  readonly watchDir: string | null;
  /** Among several nodes: what this one is called, and the port and address where the others read its journal. */
  readonly node: { readonly name: string | null; readonly port: number | null; readonly url: string | null };
  readonly logLevel: string;
  /** Where a browser reaches the server when a proxy stands before it. `https:` turns on Secure cookies and HSTS. */
  readonly publicUrl: URL | null;
  /** Believe `X-Forwarded-For` (a proxy of ours sets it). */
  readonly trustProxy: boolean;
  /** `false` only for demonstrations and tests: administrators and clinicians then need no second factor. */
  readonly requireTotp: boolean;
  readonly settleIdleSeconds: number;
  /** Size of one file of the journal; three or four of them stand prepared. */
  readonly journalSegmentBytes: number;
  /** `/readyz` says no, and objects are refused, when less is free on the data folder's disk. */
  readonly diskHeadroomBytes: number;
  readonly shutdownSeconds: number;
  /** For the log: variables that look like ours and are not. */
  readonly warnings: readonly string[];
}

/**
 * Reads the whole configuration, once.
 * @throws ConfigError with every problem, not only the first.
 */
export const loadConfig = (env: Readonly<Record<string, string | undefined>>): Config => {
  // An empty variable is an unset one: `FOO= npm start` and compose files write it so.
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = VARIABLES.safeParse(given);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`));
  }
  const values = parsed.data;
  return {
    dataDir: path.resolve(values.ARCHWIRE_DATA_DIR),
    bind: values.ARCHWIRE_BIND,
    httpPort: values.ARCHWIRE_HTTP_PORT,
    dimsePort: values.ARCHWIRE_DIMSE_PORT,
    aeTitle: values.ARCHWIRE_AE_TITLE,
    dimseTls:
      values.ARCHWIRE_DIMSE_TLS_PORT === undefined
        ? null
        : {
            port: values.ARCHWIRE_DIMSE_TLS_PORT,
            key: values.ARCHWIRE_TLS_KEY ?? '',
            cert: values.ARCHWIRE_TLS_CERT ?? '',
            ca: values.ARCHWIRE_TLS_CA ?? null,
          },
    services: new Set(values.ARCHWIRE_SERVICES),
    databaseUrl: values.DATABASE_URL ?? null,
    redisUrl: values.REDIS_URL ?? null,
    secretKey: values.ARCHWIRE_SECRET_KEY ?? null,
    mail:
      values.ARCHWIRE_SMTP_URL === undefined
        ? null
        : { url: values.ARCHWIRE_SMTP_URL, from: values.ARCHWIRE_MAIL_FROM ?? '' },
    admin: { email: values.ARCHWIRE_ADMIN_EMAIL ?? null, password: values.ARCHWIRE_ADMIN_PASSWORD ?? null },
    storeDir: path.resolve(values.ARCHWIRE_STORE_DIR ?? path.join(values.ARCHWIRE_DATA_DIR, 'store')),
    watchDir: values.ARCHWIRE_WATCH_DIR === undefined ? null : path.resolve(values.ARCHWIRE_WATCH_DIR),
    node: {
      name: values.ARCHWIRE_NODE_NAME ?? null,
      port: values.ARCHWIRE_NODE_PORT ?? null,
      url: values.ARCHWIRE_NODE_URL?.replace(/\/+$/, '') ?? null,
    },
    logLevel: values.ARCHWIRE_LOG_LEVEL,
    publicUrl: values.ARCHWIRE_PUBLIC_URL === undefined ? null : new URL(values.ARCHWIRE_PUBLIC_URL),
    trustProxy: values.ARCHWIRE_TRUST_PROXY,
    requireTotp: values.ARCHWIRE_REQUIRE_TOTP,
    settleIdleSeconds: values.ARCHWIRE_SETTLE_IDLE_SECONDS,
    journalSegmentBytes: values.ARCHWIRE_JOURNAL_SEGMENT_MB * 1024 * 1024,
    diskHeadroomBytes: values.ARCHWIRE_DISK_HEADROOM_MB * 1024 * 1024,
    shutdownSeconds: values.ARCHWIRE_SHUTDOWN_SECONDS,
    warnings: Object.keys(given)
      .filter((name) => name.startsWith('ARCHWIRE_') && !(name in VARIABLES.shape) && !IGNORED.test(name))
      .map((name) => `${name} is not a variable of Archwire; check its spelling in the README.`),
  };
};
