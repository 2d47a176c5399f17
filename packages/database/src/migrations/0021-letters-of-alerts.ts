import { definerFunction } from '../schema/definer-function.ts';
import { tenantTable } from '../schema/tenant-table.ts';
import type { Migration } from './migration.ts';

/** Which letters about alerts are due, and to whom: one row for each letter and person, so that none goes out twice. */
export const lettersOfAlerts: Migration = {
  name: '0021-letters-of-alerts',

  up: async (trx) => {
    await trx.raw('alter table alert add column end_mailed_at timestamptz');
    // What stands open already is no news.
    await trx.raw('update alert set mailed_at = now(), end_mailed_at = cleared_at');
    await tenantTable(
      trx,
      'alert_letter',
      `id uuid not null default uuidv7(),
       user_id uuid not null,
       begun uuid[] not null,
       ended uuid[] not null,
       made_at timestamptz not null default now(),
       sent_at timestamptz,
       primary key (tenant_id, id),
       foreign key (tenant_id, user_id) references app_user (tenant_id, id) on delete cascade`,
    );
    await trx.raw('create index alert_letter_made on alert_letter (tenant_id, made_at)');
    await definerFunction(trx, {
      signature: 'tenants_with_alert_news(pause interval)',
      returns: 'table (tenant_id uuid)',
      language: 'sql',
      body: `
        select distinct a.tenant_id from alert a
         where ((a.cleared_at is null and a.mailed_at is null)
             or (a.cleared_at is not null and a.mailed_at is not null and a.end_mailed_at is null))
           and not exists (select from alert_letter l where l.tenant_id = a.tenant_id and l.made_at > now() - pause)
      `,
    });
  },

  down: async (trx) => {
    await trx.raw(`
      drop function tenants_with_alert_news;
      drop table alert_letter;
      alter table alert drop column end_mailed_at;
    `);
  },
};
