import { definerFunction } from '../schema/definer-function.ts';
import { liveTrigger } from '../schema/live-trigger.ts';
import { tenantTable } from '../schema/tenant-table.ts';
import type { Migration } from './migration.ts';

/** Imports of discs, folders and archives: sessions, what became of each file, which studies came. */
export const imports: Migration = {
  name: '0014-imports',

  up: async (trx) => {
    await tenantTable(
      trx,
      'import_session',
      `id uuid not null default uuidv7(),
       state text not null default 'open' check (state in ('open', 'finishing', 'done', 'cancelled', 'abandoned')),
       location_id uuid not null,
       source text,
       issuer text not null,
       expected_files int not null,
       expected_bytes bigint not null,
       created_kind text not null,
       created_by uuid,
       created_at timestamptz not null default now(),
       active_at timestamptz not null default now(),
       finished_at timestamptz,
       primary key (tenant_id, id),
       foreign key (tenant_id, location_id) references location (tenant_id, id)`,
    );
    // For the one look of every process at what is left over, whosesoever it is.
    await trx.raw(
      `create index import_session_active on import_session (active_at) where state in ('open', 'finishing')`,
    );

    await liveTrigger(trx, 'import_session', 'import.progress', { name: 'importId', column: 'id' });

    // state 'named': a DICOMDIR names it; a file of that path takes its place when it comes.
    await tenantTable(
      trx,
      'import_file',
      `id uuid not null default uuidv7(),
       import_id uuid not null,
       parent_id uuid,
       key text collate "C" not null,
       path text not null,
       path_folded text collate "C" not null,
       size bigint not null,
       received bigint not null default 0,
       state text not null default 'waiting' check (state in ('named', 'waiting', 'arriving', 'queued', 'done')),
       entry_count int,
       depth int not null default 0,
       outcome text check (outcome in ('stored', 'duplicate', 'conflict', 'quarantined', 'opened', 'skipped',
         'unreadable', 'refused', 'missing')),
       reason text,
       retryable boolean not null default false,
       spooled boolean not null default false,
       study_id uuid,
       updated_at timestamptz not null default now(),
       primary key (tenant_id, id),
       unique (tenant_id, import_id, key),
       foreign key (tenant_id, import_id) references import_session (tenant_id, id) on delete cascade,
       foreign key (tenant_id, study_id) references study (tenant_id, id) on delete set null (study_id),
       check ((state = 'done') = (outcome is not null))`,
    );
    await trx.raw(`
      create index import_file_of_import on import_file (tenant_id, import_id, id);
      create index import_file_parent on import_file (tenant_id, parent_id) where parent_id is not null;
      create index import_file_open on import_file (tenant_id, import_id, id) where state <> 'done';
      create index import_file_queued on import_file (updated_at) where state = 'queued';
      create index import_file_spooled on import_file (tenant_id, import_id) where spooled;
      create index import_file_study on import_file (tenant_id, study_id, import_id) where study_id is not null;
    `);

    await tenantTable(
      trx,
      'import_study',
      `import_id uuid not null,
       study_id uuid not null,
       id uuid not null default uuidv7(),
       primary key (tenant_id, import_id, study_id),
       foreign key (tenant_id, import_id) references import_session (tenant_id, id) on delete cascade,
       foreign key (tenant_id, study_id) references study (tenant_id, id) on delete cascade`,
    );
    await trx.raw('create index import_study_newest on import_study (tenant_id, import_id, id)');

    await definerFunction(trx, {
      signature:
        'find_import_leftovers(queued_before timestamptz, idle_before timestamptz, ended_before timestamptz)',
      returns: 'table (tenant_id uuid, import_id uuid, file_id uuid, is_old boolean)',
      language: 'sql',
      body: `(select f.tenant_id, f.import_id, f.id, false from import_file f
               where f.state = 'queued' and f.updated_at < queued_before order by f.updated_at limit 1000)
        union all
        (select s.tenant_id, s.id, null, false from import_session s
          where s.state in ('open', 'finishing') and s.active_at < idle_before limit 200)
        union all
        (select s.tenant_id, s.id, null, true from import_session s
          where s.state in ('done', 'cancelled', 'abandoned') and s.finished_at < ended_before limit 200)`,
    });
  },

  down: async (trx) => {
    await trx.raw(
      'drop function find_import_leftovers; drop table import_study, import_file, import_session',
    );
  },
};
