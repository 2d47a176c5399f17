import type { StoredInstance } from '../retrieve/stored-instance.ts';

/** Version of how derivatives are made. Raise it when the pictures change: rows of an older recipe are made again. */
export const RECIPE = 1;

export const DERIVATIVE_KINDS = ['thumbnail', 'preview', 'display'] as const;
export type DerivativeKind = (typeof DERIVATIVE_KINDS)[number];

/** Where a derivative lies in the tenant's object store. Other bytes of the same instance have pictures of their own. */
export const derivativeKey = (
  { tenantId, id, sha256 }: Pick<StoredInstance, 'tenantId' | 'id' | 'sha256'>,
  kind: DerivativeKind,
): string => `t/${tenantId}/derivatives/${id}/${sha256.slice(0, 16)}/${RECIPE}/${kind}.jpg`;
