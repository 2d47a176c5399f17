import { AppError } from './app-error.ts';
import type { Permission } from './permissions.ts';

/** Who acts. Made only from verified credentials; a tenant id from a client's body is never trusted. */
export interface Principal {
  readonly tenantId: string;
  readonly kind: 'user' | 'api-key' | 'device' | 'system';
  /** User, API key or device id; `system` has none. */
  readonly id: string | null;
  /** The location that an API key was made for; what it stores belongs there. `null`: none in particular. */
  readonly locationId: string | null;
  readonly permissions: ReadonlySet<Permission>;
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly requestId: string;
}

/** @throws AppError `forbidden` when the principal lacks the permission. */
export const requirePermission = (principal: Principal, permission: Permission): void => {
  if (!principal.permissions.has(permission)) {
    throw new AppError(
      'forbidden',
      `This needs the permission ${permission}. Ask an administrator of your group.`,
      {
        details: { permission },
      },
    );
  }
};
