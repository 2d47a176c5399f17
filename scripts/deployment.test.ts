// Real: haproxy judges its configuration, openssl makes the certificate, npm installs what the image would hold.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { CONFIG_VARIABLES, loadConfig } from '../packages/runtime/src/config.ts';

const ROOT = resolve(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'archwire-deployment-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

const Service = z.object({
  image: z.string(),
  build: z.string().optional(),
  environment: z.record(z.string(), z.string()).default({}),
  volumes: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.unknown()).default({}),
  deploy: z
    .object({ resources: z.object({ limits: z.object({ cpus: z.string(), memory: z.string() }) }) })
    .optional(),
  healthcheck: z.object({ test: z.array(z.string()).min(2) }).optional(),
});
const Compose = z.object({
  services: z.record(z.string(), Service),
  volumes: z.record(z.string(), z.null()),
});
const text = read('docker-compose.yml');
const compose = Compose.parse(parse(text, { merge: true }));
const example = new Map(
  read('.env.example')
    .split('\n')
    .filter((line) => /^[A-Z]/.test(line))
    .map((line): [string, string] => {
      const [name = '', value = ''] = line.split('=', 2);
      return [name, value];
    }),
);
const run = (command: string, args: readonly string[]): string => {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (error) throw error;
  expect([command, status, stdout + stderr]).toEqual([command, 0, stdout + stderr]);
  return stdout + stderr;
};

const servers = Object.entries(compose.services).filter(([, { build }]) => build !== undefined);

describe('docker-compose.yml', () => {
  it('runs two gateways and two processes of workers, each with a journal of its own and one store', () => {
    expect(servers.map(([name, { environment }]) => [name, environment['ARCHWIRE_SERVICES']])).toEqual([
      ['gateway-1', 'http,dimse'],
      ['gateway-2', 'http,dimse'],
      ['workers-1', 'workers'],
      ['workers-2', 'workers'],
    ]);
    for (const [name, { environment, volumes }] of servers) {
      expect([name, environment['ARCHWIRE_NODE_NAME'], environment['ARCHWIRE_STORE_DIR']]).toEqual([
        name,
        name,
        '/store',
      ]);
      expect(volumes.toSorted()).toEqual([`${name}:/data`, 'store:/store'].toSorted());
    }
  });

  it('gives the servers only variables that they read, with values that they take', () => {
    for (const [name, { environment }] of servers) {
      expect(Object.keys(environment).filter((key) => !CONFIG_VARIABLES.includes(key))).toEqual([]);
      const filled = Object.fromEntries(
        Object.entries(environment).map(([key, value]) => [
          key,
          value.replaceAll(/\$\{(\w+)(?::[-?][^}]*)?\}/g, (_all, variable: string) =>
            variable === 'ARCHWIRE_SECRET_KEY'
              ? Buffer.alloc(32).toString('base64')
              : example.get(variable) || 'filled-in-here',
          ),
        ]),
      );
      const config = loadConfig(filled);
      expect([name, config.node.name, config.warnings, config.trustProxy]).toEqual([name, name, [], true]);
      // Passwords of another container and of this one must be the same variable.
      expect(config.databaseUrl).toContain('@postgres:5432/archwire');
    }
  });

  it('asks for no variable that the example does not name, and the example names none in vain', () => {
    const asked = new Set([...text.matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name));
    expect([...asked].toSorted()).toEqual([...example.keys()].toSorted());
    expect([...example].filter(([name, value]) => /PASSWORD|KEY/.test(name) && value !== '')).toEqual([]);
  });

  it('declares every volume, depends on nothing that is not there, and bounds what runs', () => {
    for (const [name, { volumes, depends_on, deploy, healthcheck, build }] of Object.entries(
      compose.services,
    )) {
      const named = volumes.map((each) => each.split(':')[0] ?? '').filter((each) => !each.startsWith('.'));
      expect([name, named.filter((each) => !(each in compose.volumes))]).toEqual([name, []]);
      expect(Object.keys(depends_on).filter((each) => !(each in compose.services))).toEqual([]);
      // The image of the servers brings its own check; two services only prepare volumes and end.
      const watched = healthcheck !== undefined || build !== undefined;
      if (!['certificate', 'store'].includes(name))
        expect([name, deploy !== undefined, watched]).toEqual([name, true, true]);
    }
    const files = [...text.matchAll(/- (\.\/[^:]+):/g)].map(([, file = '']) => file);
    expect(files.map((file) => read(file).length > 0)).toEqual(files.map(() => true));
    expect(files.length).toBe(3);
  });
});

describe('the proxy', () => {
  it('takes its configuration, with a certificate made as the compose file makes it', () => {
    const pem = join(folder, 'archwire.pem');
    run('sh', [join(ROOT, 'deploy/make-certificate.sh'), pem, 'images.example.org']);
    expect(run('openssl', ['x509', '-in', pem, '-noout', '-ext', 'subjectAltName'])).toContain(
      'images.example.org',
    );
    const configuration = join(folder, 'haproxy.cfg');
    writeFileSync(configuration, read('deploy/haproxy.cfg').replace('/certificates/archwire.pem', pem));
    run('haproxy', ['-c', '-f', configuration]);
  });

  it('balances over the gateways of the compose file, at the ports of the image', () => {
    const lines = [...read('deploy/haproxy.cfg').matchAll(/^ +server (\S+) (\S+):(\d+) check port (\d+)/gm)];
    expect(lines.map(([, name, host, port, check]) => [name, host, port, check])).toEqual([
      ['gateway-1', 'gateway-1', '8080', '8090'],
      ['gateway-2', 'gateway-2', '8080', '8090'],
      ['gateway-1', 'gateway-1', '11112', '8090'],
      ['gateway-2', 'gateway-2', '11112', '8090'],
    ]);
    expect(/^EXPOSE (.+)$/m.exec(read('Dockerfile'))?.[1]).toBe('8080 8090 11112');
  });
});
