/** Every permission of the product, as `slice.resource.action`. Services check these; nobody checks a role. */
export const PERMISSIONS = [
  'imaging.study.read',
  'imaging.study.store',
  'imaging.view.write',
  'imaging.rule.write',
  'imaging.reconcile.write',
  'imaging.conflict.read',
  'imaging.conflict.write',
  'imaging.export.write',
  'imaging.export.manage',
  'imaging.share.write',
  'orders.order.read',
  'orders.order.write',
  'devices.device.read',
  'devices.device.write',
  'accounts.user.read',
  'accounts.user.write',
  'accounts.apikey.write',
  'accounts.group.write',
  'audit.log.read',
  'operations.health.read',
  'operations.health.write',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

const CLINICIAN: readonly Permission[] = [
  'imaging.study.read',
  'imaging.study.store',
  'imaging.view.write',
  'imaging.rule.write',
  'imaging.reconcile.write',
  'imaging.conflict.read',
  'imaging.export.write',
  'imaging.share.write',
  'orders.order.read',
  'orders.order.write',
  'devices.device.read',
];

/** Roles are nothing but sets of permissions. TOTP is mandatory for the roles named in `TOTP_ROLES`. */
export const ROLES = {
  administrator: PERMISSIONS,
  orthodontist: CLINICIAN,
  hygienist: [
    'imaging.study.read',
    'imaging.study.store',
    'imaging.view.write',
    'orders.order.read',
    'orders.order.write',
  ],
  assistant: [
    'imaging.study.read',
    'imaging.study.store',
    'imaging.view.write',
    'imaging.reconcile.write',
    'imaging.export.write',
    'imaging.share.write',
    'orders.order.read',
    'orders.order.write',
  ],
  'front-desk': ['imaging.reconcile.write', 'orders.order.read', 'orders.order.write'],
  billing: [],
  'referring-reader': ['imaging.study.read'],
  device: ['imaging.study.read', 'imaging.study.store'],
} as const satisfies Record<string, readonly Permission[]>;
export type Role = keyof typeof ROLES;

export const TOTP_ROLES: ReadonlySet<Role> = new Set<Role>(['administrator', 'orthodontist']);
