import type { EndpointResponse } from '@archwire/contracts/api';
import { usersApi } from '@archwire/contracts/api/users';
import {
  Avatar,
  Button,
  Card,
  type Column,
  EmptyState,
  ErrorState,
  SearchField,
  Skeleton,
  Status,
  type StatusTone,
  Table,
  useFormat,
  useText,
} from '@archwire/ui';
import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useEndpoint } from '../api/use-endpoint.ts';
import { useMay, useMe } from '../api/use-me.ts';
import { messages as shellMessages } from '../shell/messages.ts';
import { InviteDialog } from './invite-dialog.tsx';
import { messages } from './messages.ts';
import styles from './settings.module.css';
import { UserMenu } from './user-menu.tsx';

export type User = EndpointResponse<typeof usersApi.list>['users'][number];

const fold = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
const stateOf = (
  user: User,
): { readonly id: 'inactive' | 'locked' | 'invited' | 'active'; readonly tone: StatusTone } => {
  if (!user.active) return { id: 'inactive', tone: 'idle' };
  if (user.lockedUntil !== null) return { id: 'locked', tone: 'danger' };
  return user.mustChangePassword ? { id: 'invited', tone: 'info' } : { id: 'active', tone: 'ok' };
};

/** The people of the group. */
export const UsersPage = () => {
  const text = useText(messages);
  const roles = useText(shellMessages);
  const format = useFormat();
  const me = useMe();
  const mayChange = useMay('accounts.user.write');
  const { data, error, refetch } = useEndpoint(usersApi.list, {});
  const [search, setSearch] = useState('');
  const [invites, setInvites] = useState(false);
  if (error !== null && data === undefined)
    return <ErrorState error={error} onRetry={() => void refetch()} />;
  const wanted = fold(search.trim());
  const users = (data?.users ?? []).filter(({ displayName, email }) =>
    fold(`${displayName} ${email}`).includes(wanted),
  );
  const columns: Column<User>[] = [
    {
      id: 'name',
      title: text('name'),
      isRowHeader: true,
      cell: (user) => (
        <span className={styles.person}>
          <Avatar name={user.displayName} />
          <span>
            <span className={styles.strong}>
              {user.displayName}
              {user.id === me?.id && <span className={styles.small}> ({text('you')})</span>}
            </span>
            <span className={styles.small}>{user.email}</span>
          </span>
        </span>
      ),
    },
    {
      id: 'role',
      title: text('role'),
      cell: (user) => <span className={styles.whole}>{roles(`role-${user.role}`)}</span>,
    },
    {
      id: 'status',
      title: text('status'),
      isWideOnly: true,
      cell: (user) => {
        const { id, tone } = stateOf(user);
        return (
          <Status tone={tone} quiet>
            {id === 'locked'
              ? text('status-locked', { time: format.time(user.lockedUntil ?? '') })
              : text(`status-${id}`)}
          </Status>
        );
      },
    },
    {
      id: 'factor',
      title: text('secondFactor'),
      isWideOnly: true,
      cell: (user) => text(user.totpEnrolled ? 'factor-on' : 'factor-off'),
    },
    {
      id: 'lastSignIn',
      title: text('lastSignIn'),
      isWideOnly: true,
      cell: (user) => (user.lastSignInAt === null ? text('never') : format.relative(user.lastSignInAt)),
    },
    ...(mayChange
      ? [
          {
            id: 'more',
            title: text('actions'),
            align: 'end' as const,
            cell: (user: User) => <UserMenu user={user} />,
          },
        ]
      : []),
  ];
  return (
    <Card
      title={text('users')}
      actions={
        mayChange && (
          <Button tone="primary" onPress={() => setInvites(true)}>
            <UserPlus size={14} aria-hidden />
            {text('invite')}
          </Button>
        )
      }
    >
      <div className={styles.page}>
        <p className={styles.quiet}>{text('usersLead')}</p>
        {(data?.users.length ?? 0) > 8 && (
          <SearchField label={text('searchUsers')} value={search} onChange={setSearch} />
        )}
        {data === undefined ? (
          <Skeleton lines={6} />
        ) : (
          <Table
            label={text('users')}
            columns={columns}
            rows={users}
            idOf={({ id }) => id}
            empty={<EmptyState title={text('noUsers')} />}
          />
        )}
      </div>
      {invites && <InviteDialog onClose={() => setInvites(false)} />}
    </Card>
  );
};
