import { accountsApi } from '@archwire/contracts/api/accounts';
import { devicesApi } from '@archwire/contracts/api/devices';
import { groupApi } from '@archwire/contracts/api/group';
import {
  Badge,
  Button,
  Card,
  ConfirmDialog,
  ErrorState,
  IconButton,
  Menu,
  Skeleton,
  toasts,
  useText,
} from '@archwire/ui';
import { MapPin, MoreHorizontal, Pencil, Plus, Star, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { ApiProblem } from '../api/api-problem.ts';
import { useAction } from '../api/use-action.ts';
import { useEndpoint } from '../api/use-endpoint.ts';
import { useMe } from '../api/use-me.ts';
import { GroupNameForm } from './group-name-form.tsx';
import { LocationDialog, type Place } from './location-dialog.tsx';
import { messages } from './messages.ts';
import styles from './settings.module.css';
import { useProblemText } from './use-problem-text.ts';

/** The group's name and its clinics. */
export const GroupPage = () => {
  const text = useText(messages);
  const explain = useProblemText();
  const me = useMe();
  const { data, error, refetch } = useEndpoint(devicesApi.locations, {});
  const changes = [devicesApi.locations, accountsApi.me];
  const update = useAction(groupApi.updateLocation, { changes });
  const remove = useAction(groupApi.removeLocation, { changes });
  const [edits, setEdits] = useState<Place | 'new'>();
  const [asks, setAsks] = useState<Place>();
  if (error !== null && data === undefined)
    return <ErrorState error={error} onRetry={() => void refetch()} />;
  const inUse = (problem: unknown): string =>
    problem instanceof ApiProblem && problem.reason === 'location-in-use'
      ? text('locationInUse', { name: asks?.name ?? '' })
      : explain(problem);
  return (
    <>
      <Card title={text('group')}>
        {me === undefined ? <Skeleton lines={2} /> : <GroupNameForm key={me.groupName} name={me.groupName} />}
      </Card>
      <Card
        title={text('locationsTitle')}
        actions={
          <Button tone="primary" onPress={() => setEdits('new')}>
            <Plus size={14} aria-hidden />
            {text('addLocation')}
          </Button>
        }
      >
        <p className={styles.quiet}>{text('locationsLead')}</p>
        {data === undefined ? (
          <Skeleton lines={4} />
        ) : (
          <ul className={styles.list}>
            {data.locations.map((place) => (
              <li key={place.id}>
                <span className={styles.mark}>
                  <MapPin size={18} aria-hidden />
                </span>
                <div className={styles.grow}>
                  <div className={styles.row}>
                    <span className={styles.strong}>{place.name}</span>
                    {place.isDefault && <Badge>{text('default')}</Badge>}
                  </div>
                  <p className={styles.small}>
                    {place.timezone.replaceAll('_', ' ')} · {place.issuer}
                  </p>
                </div>
                <Menu
                  label={text('more', { name: place.name })}
                  trigger={<IconButton icon={MoreHorizontal} label={text('more', { name: place.name })} />}
                  groups={[
                    {
                      entries: [
                        {
                          id: 'edit',
                          label: text('editLocation', { name: place.name }),
                          icon: Pencil,
                          onAction: () => setEdits(place),
                        },
                        {
                          id: 'default',
                          label: text('makeDefault'),
                          description: text('defaultHint'),
                          icon: Star,
                          isDisabled: place.isDefault,
                          onAction: () =>
                            update.mutate(
                              { params: { id: place.id }, body: { isDefault: true } },
                              {
                                onSuccess: () => void toasts.show({ tone: 'ok', text: text('saved') }),
                                onError: (problem) =>
                                  void toasts.show({ tone: 'danger', text: explain(problem) }),
                              },
                            ),
                        },
                        {
                          id: 'remove',
                          label: text('removeLocation'),
                          icon: Trash2,
                          tone: 'danger',
                          isDisabled: place.isDefault,
                          onAction: () => setAsks(place),
                        },
                      ],
                    },
                  ]}
                />
              </li>
            ))}
          </ul>
        )}
      </Card>
      {edits !== undefined && (
        <LocationDialog place={edits === 'new' ? null : edits} onClose={() => setEdits(undefined)} />
      )}
      {asks !== undefined && (
        <ConfirmDialog
          isOpen
          isDangerous
          onClose={() => setAsks(undefined)}
          title={text('removeLocation')}
          lead={text('removeLocationLead', { name: asks.name })}
          action={text('removeLocation')}
          onConfirm={async () => {
            await remove.mutateAsync({ params: { id: asks.id } });
            toasts.show({ tone: 'ok', text: text('locationRemoved', { name: asks.name }) });
          }}
          explain={inUse}
        />
      )}
    </>
  );
};
