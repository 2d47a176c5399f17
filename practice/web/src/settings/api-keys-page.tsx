import type { EndpointResponse } from '@archwire/contracts/api';
import { devicesApi } from '@archwire/contracts/api/devices';
import { usersApi } from '@archwire/contracts/api/users';
import {
  Button,
  Card,
  type Column,
  ConfirmDialog,
  EmptyState,
  ErrorState,
  Skeleton,
  Table,
  toasts,
  useFormat,
  useText,
} from '@archwire/ui';
import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import { useAction } from '../api/use-action.ts';
import { useEndpoint } from '../api/use-endpoint.ts';
import { messages as shellMessages } from '../shell/messages.ts';
import { messages } from './messages.ts';
import { NewKeyDialog } from './new-key-dialog.tsx';
import styles from './settings.module.css';
import { useProblemText } from './use-problem-text.ts';

type ApiKey = EndpointResponse<typeof usersApi.apiKeys>['apiKeys'][number];

/** The keys of machines. */
export const ApiKeysPage = () => {
  const text = useText(messages);
  const roles = useText(shellMessages);
  const format = useFormat();
  const explain = useProblemText();
  const { data, error, refetch } = useEndpoint(usersApi.apiKeys, {});
  const locations = useEndpoint(devicesApi.locations, {}).data?.locations ?? [];
  const revoke = useAction(usersApi.revokeApiKey, { changes: [usersApi.apiKeys] });
  const [makes, setMakes] = useState(false);
  const [asks, setAsks] = useState<ApiKey>();
  if (error !== null && data === undefined)
    return <ErrorState error={error} onRetry={() => void refetch()} />;
  const columns: Column<ApiKey>[] = [
    {
      id: 'name',
      title: text('name'),
      isRowHeader: true,
      cell: (key) => <span className={styles.strong}>{key.name}</span>,
    },
    { id: 'prefix', title: text('prefix'), isWideOnly: true, cell: (key) => <code>awk_{key.prefix}_…</code> },
    { id: 'role', title: text('role'), cell: (key) => roles(`role-${key.role}`) },
    {
      id: 'location',
      title: text('location'),
      isWideOnly: true,
      cell: (key) => locations.find(({ id }) => id === key.locationId)?.name ?? text('allLocations'),
    },
    {
      id: 'used',
      title: text('lastUsedColumn'),
      isWideOnly: true,
      cell: (key) => (key.lastUsedAt === null ? text('never') : format.relative(key.lastUsedAt)),
    },
    {
      id: 'revoke',
      title: text('actions'),
      align: 'end',
      cell: (key) => (
        <Button tone="danger" onPress={() => setAsks(key)}>
          {text('revoke')}
        </Button>
      ),
    },
  ];
  const add = (
    <Button tone="primary" onPress={() => setMakes(true)}>
      <Plus size={14} aria-hidden />
      {text('newKey')}
    </Button>
  );
  return (
    <Card title={text('apiKeys')} actions={add}>
      <div className={styles.page}>
        <p className={styles.quiet}>{text('keysLead')}</p>
        {data === undefined ? (
          <Skeleton lines={4} />
        ) : data.apiKeys.length === 0 ? (
          <EmptyState icon={KeyRound} title={text('noKeys')}>
            {text('noKeysLead')}
          </EmptyState>
        ) : (
          <Table label={text('apiKeys')} columns={columns} rows={data.apiKeys} idOf={({ id }) => id} />
        )}
      </div>
      {makes && <NewKeyDialog onClose={() => setMakes(false)} />}
      {asks !== undefined && (
        <ConfirmDialog
          isOpen
          isDangerous
          onClose={() => setAsks(undefined)}
          title={text('revoke')}
          lead={text('revokeLead', { name: asks.name })}
          action={text('revoke')}
          onConfirm={async () => {
            await revoke.mutateAsync({ params: { id: asks.id } });
            toasts.show({ tone: 'ok', text: text('revoked', { name: asks.name }) });
          }}
          explain={explain}
        />
      )}
    </Card>
  );
};
