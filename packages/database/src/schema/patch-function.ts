import type { Knex } from 'knex';

/**
 * Changes parts of the body of a function that an earlier migration made; everything else of it, its rights too, stays.
 * With `backwards` each pair is taken the other way round, which is the way down.
 * @throws Error when a part does not stand in the function exactly once.
 */
export const patchFunction = async (
  trx: Knex.Transaction,
  name: string,
  changes: readonly (readonly [from: string, to: string])[],
  direction: 'forwards' | 'backwards' = 'forwards',
): Promise<void> => {
  const { rows } = await trx.raw<{ rows: { definition: string }[] }>(
    'select pg_get_functiondef(?::regproc) as definition',
    [name],
  );
  let definition = rows[0]?.definition ?? '';
  for (const [first, second] of direction === 'forwards' ? changes : changes.toReversed()) {
    const [from, to] = direction === 'forwards' ? [first, second] : [second, first];
    const parts = definition.split(from);
    if (parts.length !== 2) throw new Error(`${name} has this ${parts.length - 1} times, not once: ${from}`);
    definition = parts.join(to);
  }
  await trx.raw(definition.replaceAll('?', '\\?'));
};
