import type { Knex } from 'knex';
import { definerFunction } from '../schema/definer-function.ts';
import { tenantTable } from '../schema/tenant-table.ts';
import type { Migration } from './migration.ts';

const ROLE = `check (role in ('administrator', 'orthodontist', 'hygienist', 'assistant', 'front-desk', 'billing',
  'referring-reader', 'device'))`;

const createTables = async (trx: Knex.Transaction): Promise<void> => {
  // E-mail is unique over all tenants: sign-in knows nothing but the e-mail. Stored folded to lower case.
  await tenantTable(
    trx,
    'app_user',
    `id uuid not null default uuidv7(),
     email text collate "C" not null unique check (email = lower(email)),
     display_name text not null,
     role text not null ${ROLE},
     password_hash text not null,
     must_change_password boolean not null default false,
     totp_secret text,
     totp_confirmed_at timestamptz,
     totp_last_step bigint,
     failed_count int not null default 0,
     locked_until timestamptz,
     deactivated_at timestamptz,
     created_at timestamptz not null default now(),
     primary key (tenant_id, id),
     check (totp_confirmed_at is null or totp_secret is not null)`,
  );
  // A session is one sign-in on one browser; its refresh tokens are a family that is revoked as a whole.
  await tenantTable(
    trx,
    'session',
    `id uuid not null default uuidv7(),
     user_id uuid not null,
     address text,
     user_agent text,
     created_at timestamptz not null default now(),
     last_used_at timestamptz not null default now(),
     expires_at timestamptz not null,
     revoked_at timestamptz,
     primary key (tenant_id, id),
     foreign key (tenant_id, user_id) references app_user (tenant_id, id) on delete cascade`,
  );
  await trx.raw('create index session_by_user on session (tenant_id, user_id, created_at)');
  await tenantTable(
    trx,
    'refresh_token',
    `id uuid not null default uuidv7(),
     family_id uuid not null,
     token_hash bytea not null,
     created_at timestamptz not null default now(),
     expires_at timestamptz not null,
     used_at timestamptz,
     primary key (tenant_id, id),
     unique (tenant_id, token_hash),
     foreign key (tenant_id, family_id) references session (tenant_id, id) on delete cascade`,
  );
  await trx.raw('create index refresh_token_by_family on refresh_token (tenant_id, family_id)');
  await tenantTable(
    trx,
    'api_key',
    `id uuid not null default uuidv7(),
     name text not null,
     prefix text collate "C" not null unique,
     hash bytea not null,
     role text not null ${ROLE},
     location_id uuid,
     created_by uuid,
     created_at timestamptz not null default now(),
     last_used_at timestamptz,
     revoked_at timestamptz,
     primary key (tenant_id, id),
     foreign key (tenant_id, location_id) references location (tenant_id, id)`,
  );
  await tenantTable(
    trx,
    'device',
    `id uuid not null default uuidv7(),
     name text not null,
     ae_title text collate "C" not null,
     called_ae text collate "C",
     address text collate "C",
     location_id uuid not null,
     issuer text,
     active boolean not null default true,
     created_at timestamptz not null default now(),
     primary key (tenant_id, id),
     foreign key (tenant_id, location_id) references location (tenant_id, id)`,
  );
  // Over all tenants: were the same three claimed twice, an image could land with the wrong group.
  await trx.raw(
    'create unique index device_identity on device (ae_title, called_ae, address) nulls not distinct where active',
  );
  await tenantTable(
    trx,
    'association_refusal',
    `id uuid not null default uuidv7(),
     calling_ae text collate "C" not null,
     called_ae text collate "C" not null,
     address text collate "C" not null,
     reason text not null,
     count bigint not null default 1,
     first_at timestamptz not null default now(),
     last_at timestamptz not null default now(),
     primary key (tenant_id, id),
     unique (tenant_id, calling_ae, called_ae, address, reason)`,
  );
  await trx.raw('create index association_refusal_by_time on association_refusal (tenant_id, last_at)');
  // Shared by every gateway of the installation, so that each accepts the tokens of the others. Not tenant data.
  await trx.raw(`
    create table signing_key (purpose text primary key, secret bytea not null, created_at timestamptz not null default now());
    grant select, insert on signing_key to archwire_app;
  `);
};

/** What must be found before a tenant is known. Each answers ids only; the rows are then read inside the tenant. */
const createLookups = async (trx: Knex.Transaction): Promise<void> => {
  await definerFunction(trx, {
    signature: 'find_user_by_email(wanted text)',
    returns: 'table (tenant_id uuid, user_id uuid)',
    language: 'sql',
    body: 'select u.tenant_id, u.id from app_user u where u.email = wanted',
  });
  await definerFunction(trx, {
    signature: 'find_api_key_by_prefix(wanted text)',
    returns: 'table (tenant_id uuid, api_key_id uuid)',
    language: 'sql',
    body: 'select k.tenant_id, k.id from api_key k where k.prefix = wanted and k.revoked_at is null',
  });
  // The most exact registration wins: an address before any address, a called AE before any.
  await definerFunction(trx, {
    signature: 'find_device(called text, calling text, peer text)',
    returns: 'table (tenant_id uuid, device_id uuid)',
    language: 'sql',
    body: `select d.tenant_id, d.id from device d
      where d.ae_title = calling and d.active
        and (d.called_ae is null or d.called_ae = called) and (d.address is null or d.address = peer)
      order by d.address is null, d.called_ae is null limit 1`,
  });
  await definerFunction(trx, {
    signature: 'find_first_tenant()',
    returns: 'table (tenant_id uuid)',
    language: 'sql',
    body: 'select t.id from tenant t order by t.created_at, t.id limit 1',
  });
};

/** Users, their sessions, API keys, devices and the associations that were refused. */
export const accounts: Migration = {
  name: '0002-accounts',
  up: async (trx) => {
    await createTables(trx);
    await createLookups(trx);
  },
  down: async (trx) => {
    await trx.raw(`
      drop function find_user_by_email, find_api_key_by_prefix, find_device, find_first_tenant;
      drop table signing_key, association_refusal, device, api_key, refresh_token, session, app_user;
    `);
  },
};
