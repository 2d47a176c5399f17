import { PERMISSIONS, ROLES, type Role, TOTP_ROLES } from '@archwire/contracts';
import { Card, useText } from '@archwire/ui';
import { Check, Minus } from 'lucide-react';
import { messages as shellMessages } from '../shell/messages.ts';
import { messages } from './messages.ts';
import { permissionMessages } from './permission-messages.ts';
import styles from './settings.module.css';

const isRole = (name: string): name is Role => name in ROLES;
const ROLE_NAMES = Object.keys(ROLES).filter(isRole);
const isWorded = (permission: string): permission is keyof (typeof permissionMessages)['en'] =>
  permission in permissionMessages.en;

const Mark = ({ yes }: { readonly yes: boolean }) => {
  const text = useText(messages);
  const Icon = yes ? Check : Minus;
  return (
    <td {...(yes ? {} : { 'data-no': true })}>
      <Icon size={16} role="img" aria-label={text(yes ? 'yes' : 'no')} />
    </td>
  );
};

/** Which role may do what, as a table. */
export const RolesPage = () => {
  const text = useText(messages);
  const roleText = useText(shellMessages);
  const words = useText(permissionMessages);
  const may = (role: Role, permission: string): boolean => {
    const permissions: readonly string[] = ROLES[role];
    return permissions.includes(permission);
  };
  return (
    <Card title={text('roles')}>
      <p className={styles.quiet}>{text('rolesLead')}</p>
      {/* Whoever has no mouse scrolls it sideways with the arrow keys. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={styles.matrix} role="region" aria-label={text('permission')} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{text('permission')}</th>
              {ROLE_NAMES.map((role) => (
                <th key={role} scope="col">
                  {roleText(`role-${role}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {PERMISSIONS.map((permission) => (
              <tr key={permission}>
                <th scope="row">
                  {isWorded(permission) ? words(permission) : words('other', { permission })}
                  <small>{permission}</small>
                </th>
                {ROLE_NAMES.map((role) => (
                  <Mark key={role} yes={may(role, permission)} />
                ))}
              </tr>
            ))}
            <tr>
              <th scope="row">{text('totpDemanded')}</th>
              {ROLE_NAMES.map((role) => (
                <Mark key={role} yes={TOTP_ROLES.has(role)} />
              ))}
            </tr>
          </tbody>
        </table>
      </div>
    </Card>
  );
};
