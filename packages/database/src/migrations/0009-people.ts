import { definerFunction } from '../schema/definer-function.ts';
import { tenantTable } from '../schema/tenant-table.ts';
import type { Migration } from './migration.ts';

/** What people need beside a password: recovery codes, links by e-mail, a profile; the first run; looking through the audit log. */
export const people: Migration = {
  name: '0009-people',

  up: async (trx) => {
    await trx.raw(`
      alter table app_user
        add column totp_pending text,
        add column language text check (language in ('en', 'fr', 'es')),
        add column theme text not null default 'system' check (theme in ('system', 'light', 'dark')),
        add column last_sign_in_at timestamptz,
        add column alert text check (alert in ('token-reused')),
        add column alert_at timestamptz,
        add check ((alert is null) = (alert_at is null));
      alter table session add column end_reason text;
      alter table tenant
        add column setup_confirmed text[] not null default '{}',
        add column setup_finished_at timestamptz;
    `);
    // A group that works already has nothing to set up.
    await trx.raw(`
      update tenant t set setup_finished_at = now()
       where exists (select 1 from device d where d.tenant_id = t.id)
          or exists (select 1 from study s where s.tenant_id = t.id)
    `);

    await tenantTable(
      trx,
      'recovery_code',
      `user_id uuid not null,
       hash bytea not null,
       created_at timestamptz not null default now(),
       used_at timestamptz,
       primary key (tenant_id, user_id, hash),
       foreign key (tenant_id, user_id) references app_user (tenant_id, id) on delete cascade`,
    );
    // The secret of a link is never kept: only its hash, and only until it is used or replaced.
    await tenantTable(
      trx,
      'account_link',
      `id uuid not null default uuidv7(),
       user_id uuid not null,
       purpose text not null check (purpose in ('invitation', 'password-reset')),
       token_hash bytea not null,
       language text not null check (language in ('en', 'fr', 'es')),
       created_at timestamptz not null default now(),
       expires_at timestamptz not null,
       sent_at timestamptz,
       used_at timestamptz,
       primary key (tenant_id, id),
       foreign key (tenant_id, user_id) references app_user (tenant_id, id) on delete cascade`,
    );
    await trx.raw(`
      create index account_link_by_user on account_link (tenant_id, user_id, created_at);
      create index audit_log_actor on audit_log (tenant_id, actor_id, at desc, seq desc);
      create index audit_log_action on audit_log (tenant_id, action, at desc, seq desc);
    `);
    await definerFunction(trx, {
      signature: 'find_plain_totp()',
      returns: 'table (tenant_id uuid, user_id uuid)',
      language: 'sql',
      body: "select u.tenant_id, u.id from app_user u where u.totp_secret is not null and u.totp_secret not like 'v1.%'",
    });
  },

  down: async (trx) => {
    await trx.raw(`
      drop function find_plain_totp;
      drop index audit_log_actor, audit_log_action;
      drop table account_link, recovery_code;
      alter table tenant drop column setup_confirmed, drop column setup_finished_at;
      alter table session drop column end_reason;
      alter table app_user drop column totp_pending, drop column language, drop column theme,
        drop column last_sign_in_at, drop column alert, drop column alert_at;
    `);
  },
};
