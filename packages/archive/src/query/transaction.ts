import type { WithTenant } from '@archwire/database';

/** A transaction that sees one tenant. */
export type Transaction = Parameters<Parameters<WithTenant>[1]>[0];
