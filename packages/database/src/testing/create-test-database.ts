import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { Client, type QueryResultRow } from 'pg';
import { inject } from 'vitest';
import { connectDatabase, type Database } from '../open-database.ts';
import type { TestServerAnswer } from './test-server-address.ts';

export interface TestTenant {
  readonly tenantId: string;
  readonly locationId: string;
  /** Issuer of Patient ID of the location. */
  readonly issuer: string;
}

export interface TestDatabase {
  /** Opened as the restricted application role, at the newest schema, empty. */
  readonly db: Database;
  readonly ownerUrl: string;
  readonly appUrl: string;
  /** Creates a tenant with one default location. */
  tenant(name?: string): Promise<TestTenant>;
  /** Runs SQL as the owner of the schema. */
  owner<Row extends QueryResultRow = QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** Cuts every connection of this database, as a failover does. */
  terminateSessions(): Promise<void>;
  /** Closes the pool and drops the database. */
  close(): Promise<void>;
}

const askServer = async (): Promise<TestServerAnswer> => {
  const answer: unknown = JSON.parse(await text(connect(inject('archwireTestDatabasePort'), '127.0.0.1')));
  if (
    typeof answer === 'object' &&
    answer !== null &&
    'superuserUrl' in answer &&
    'ownerUrl' in answer &&
    'template' in answer &&
    typeof answer.superuserUrl === 'string' &&
    typeof answer.ownerUrl === 'string' &&
    typeof answer.template === 'string'
  ) {
    return { superuserUrl: answer.superuserUrl, ownerUrl: answer.ownerUrl, template: answer.template };
  }
  throw new Error(`The test database did not start: ${JSON.stringify(answer)}`);
};

const runOnce = async <Row extends QueryResultRow>(
  url: string,
  sql: string,
  values: unknown[] = [],
): Promise<Row[]> => {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end();
  }
};

/** A fresh database of the run's one real PostgreSQL, cloned from a migrated template in some 50 ms. */
export const createTestDatabase = async (): Promise<TestDatabase> => {
  const { superuserUrl, ownerUrl, template } = await askServer();
  const name = `test_${randomBytes(8).toString('hex')}`;
  await runOnce(
    superuserUrl,
    `create database ${name} owner archwire_owner template ${template} strategy file_copy`,
  );
  // A clone has the rights inside the template, but not those on it.
  await runOnce(superuserUrl, `grant create on database ${name} to archwire_app`);
  const url = new URL(ownerUrl);
  url.pathname = `/${name}`;
  const db = await connectDatabase({ ownerUrl: url.href });
  return {
    db,
    ownerUrl: db.ownerUrl,
    appUrl: db.appUrl,
    tenant: async (tenantName = 'Tenant') => {
      const issuer = `${tenantName.toUpperCase().replaceAll(' ', '-')}-ISSUER`;
      const [row] = await runOnce<{ tenant_id: string; id: string }>(
        url.href,
        `with made as (insert into tenant (name) values ($1) returning id)
         insert into location (tenant_id, name, issuer, is_default)
           select id, 'Main', $2, true from made returning tenant_id, id`,
        [tenantName, issuer],
      );
      if (row === undefined) throw new Error('The tenant was not made.');
      return { tenantId: row.tenant_id, locationId: row.id, issuer };
    },
    owner: async (sql, values) => await runOnce(url.href, sql, values),
    terminateSessions: async () => {
      await runOnce(
        superuserUrl,
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1',
        [name],
      );
    },
    close: async () => {
      await db.close();
      await runOnce(superuserUrl, `drop database if exists ${name} with (force)`);
    },
  };
};
