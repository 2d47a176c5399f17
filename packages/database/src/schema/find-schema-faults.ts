import type { TestDatabase } from '../testing/index.ts';

/** Tables without tenant data. Everything else has `tenant_id`, or is `tenant` itself. */
const GLOBAL_TABLES = [
  'schema_migration',
  'uid_code',
  'journal_segment',
  'node',
  'signing_key',
  'service_node',
];

/** Indexes that only a definer function looks at, so that they may be of another kind. */
const DEFINERS_INDEXES = ['name_token_similar'];

const IS_TENANT_TABLE = `c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and not c.relispartition
  and c.relname <> all ($1)`;

const CHECKS: Readonly<Record<string, string>> = {
  'no tenant column': `
    select c.relname as found from pg_class c
     where ${IS_TENANT_TABLE} and c.relname <> 'tenant'
       and not exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and a.attnotnull)`,

  'row-level security is not forced': `
    select c.relname as found from pg_class c
     where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and c.relname <> all ($1)
       and not (c.relrowsecurity and c.relforcerowsecurity)`,

  'not exactly the two policies': `
    select c.relname as found from pg_class c
     where ${IS_TENANT_TABLE}
       and (select array_agg(format('%s %s %s %s', p.polname, p.polroles::regrole[], pg_get_expr(p.polqual, p.polrelid),
                                    pg_get_expr(p.polwithcheck, p.polrelid)) order by p.polname)
              from pg_policy p where p.polrelid = c.oid and p.polcmd = '*')
           is distinct from array[
             format('app_tenant_only {archwire_app} (%1$s = app_tenant()) (%1$s = app_tenant())',
                    case when c.relname = 'tenant' then 'id' else 'tenant_id' end),
             format('migrator_all {%s} true true', c.relowner::regrole)]`,

  'a partition is open to the application': `
    select c.relname as found from pg_class c
     where c.relispartition and c.relkind in ('r', 'p') and has_table_privilege('archwire_app', c.oid, 'select, insert, update, delete')`,

  'key does not start with the tenant': `
    select i.indexrelid::regclass::text as found from pg_index i join pg_class c on c.oid = i.indrelid
     where ${IS_TENANT_TABLE} and c.relname <> 'tenant' and i.indisprimary
       and i.indkey[0] is distinct from (select a.attnum from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id')`,

  'foreign key is not composite with the tenant': `
    select k.conrelid::regclass::text || ' ' || k.conname as found from pg_constraint k join pg_class c on c.oid = k.confrelid
     where k.contype = 'f' and ${IS_TENANT_TABLE} and c.relname <> 'tenant'
       and not (cardinality(k.conkey) > 1
                and exists (select 1 from unnest(k.conkey, k.confkey) pair(own, other)
                              join pg_attribute a on a.attrelid = k.conrelid and a.attnum = pair.own and a.attname = 'tenant_id'
                              join pg_attribute b on b.attrelid = k.confrelid and b.attnum = pair.other and b.attname = 'tenant_id'))`,

  'index on a type without a leakproof equality': `
    select i.indexrelid::regclass::text || ' ' || a.attname as found
      from pg_index i join pg_class c on c.oid = i.indrelid and c.relnamespace = 'public'::regnamespace
      join pg_attribute a on a.attrelid = i.indexrelid
      join pg_type t on t.oid = a.atttypid
     where a.attnum <= i.indnkeyatts
       and (t.typtype = 'e' or t.typname not in ('uuid', 'text', 'int2', 'int4', 'int8', 'date', 'time', 'timestamptz', 'bytea', 'bool'))`,

  'index is no plain btree over columns': `
    select i.indexrelid::regclass::text as found
      from pg_index i join pg_class c on c.oid = i.indrelid and c.relnamespace = 'public'::regnamespace
      join pg_class x on x.oid = i.indexrelid join pg_am m on m.oid = x.relam
     where (i.indexprs is not null or m.amname <> 'btree') and x.relname <> all ('{${DEFINERS_INDEXES.join(',')}}')`,

  'UID column is not collated C': `
    select c.relname || '.' || a.attname as found
      from pg_attribute a join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
     where a.attname ~ '(^|_)uid$' and a.attcollation <> (select oid from pg_collation where collname = 'C')`,

  'everybody may call a function of ours that sees all tenants': `
    select p.oid::regprocedure::text as found from pg_proc p
     where p.prosecdef and p.pronamespace = 'public'::regnamespace
       and (p.proacl is null or exists (select 1 from aclexplode(p.proacl) a where a.grantee = 0))`,

  'a function that sees all tenants has no fixed search path': `
    select p.oid::regprocedure::text as found from pg_proc p
     where p.prosecdef and p.pronamespace = 'public'::regnamespace
       and not exists (select 1 from unnest(p.proconfig) s where s = 'search_path=pg_catalog, public, pg_temp')`,

  'a view runs with the rights of its owner': `
    select c.relname as found from pg_class c
     where c.relkind = 'v' and c.relnamespace = 'public'::regnamespace
       and not coalesce('security_invoker=true' = any (c.reloptions), false)`,
};

/**
 * Looks for every known trap of row-level security in the schema as it is (tenancy and index rules of the architecture
 * page). Answers one line per fault; an empty list is a sound schema.
 */
export const findSchemaFaults = async (database: Pick<TestDatabase, 'owner'>): Promise<string[]> => {
  const faults: string[] = [];
  for (const [fault, sql] of Object.entries(CHECKS)) {
    const rows = await database.owner<{ found: string }>(sql, sql.includes('$1') ? [GLOBAL_TABLES] : []);
    faults.push(...rows.map(({ found }) => `${found}: ${fault}`));
  }
  return faults.toSorted((left, right) => left.localeCompare(right));
};
