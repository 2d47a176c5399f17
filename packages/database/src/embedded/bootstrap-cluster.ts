import { Client } from 'pg';

/** Makes the owner role and the database. Safe to repeat after a kill in the middle. */
export const bootstrapCluster = async (superuserUrl: string, ownerPassword: string): Promise<void> => {
  const client = new Client({ connectionString: superuserUrl });
  client.on('error', () => {});
  await client.connect();
  try {
    const password = client.escapeLiteral(ownerPassword);
    const role = await client.query("select 1 from pg_roles where rolname = 'archwire_owner'");
    if (role.rowCount === 0)
      await client.query(`create role archwire_owner login createrole password ${password}`);
    const database = await client.query("select 1 from pg_database where datname = 'archwire'");
    if (database.rowCount === 0) {
      await client.query(
        `create database archwire owner archwire_owner template template0 encoding 'UTF8'
         locale_provider builtin builtin_locale 'C.UTF-8' lc_collate 'C' lc_ctype 'C.UTF-8'`,
      );
    }
  } finally {
    await client.end();
  }
};
