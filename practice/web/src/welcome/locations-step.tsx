import { devicesApi } from '@archwire/contracts/api/devices';
import { groupApi } from '@archwire/contracts/api/group';
import { Button, IconButton, Skeleton, useText } from '@archwire/ui';
import { MapPin, Pencil, Plus } from 'lucide-react';
import { useState } from 'react';
import { useAction } from '../api/use-action.ts';
import { useEndpoint } from '../api/use-endpoint.ts';
import { LocationDialog, type Place } from '../settings/location-dialog.tsx';
import { browserZone, LocationForm } from '../settings/location-form.tsx';
import { messages as settingsMessages } from '../settings/messages.ts';
import { useProblemText } from '../settings/use-problem-text.ts';
import { messages } from './messages.ts';
import { StepFrame } from './step-frame.tsx';
import styles from './welcome.module.css';

/** The location that the first start made. */
const isUntouched = ({ name, issuer }: Place): boolean => name === 'Main' && issuer === 'ARCHWIRE';

export const LocationsStep = ({ onDone }: { readonly onDone: () => void }) => {
  const text = useText(messages);
  const words = useText(settingsMessages);
  const explain = useProblemText();
  const places = useEndpoint(devicesApi.locations, {}).data?.locations;
  const update = useAction(groupApi.updateLocation, { changes: [devicesApi.locations] });
  const [edits, setEdits] = useState<Place | 'new'>();
  const [only] = places ?? [];
  const isFirst = places?.length === 1 && only !== undefined && isUntouched(only);
  return (
    <StepFrame
      title={text('locationsTitle')}
      lead={text('locationsLead')}
      foot={
        isFirst ? (
          <Button onPress={onDone}>{text('later')}</Button>
        ) : (
          <>
            <Button onPress={() => setEdits('new')}>
              <Plus size={14} aria-hidden />
              {text('addLocation')}
            </Button>
            <Button tone="primary" onPress={onDone}>
              {text('next')}
            </Button>
          </>
        )
      }
    >
      {places === undefined ? (
        <Skeleton lines={4} />
      ) : isFirst ? (
        <div className={styles.card}>
          <LocationForm
            first={{ name: '', timezone: browserZone(), issuer: only.issuer }}
            submit={words('save')}
            isPending={update.isPending}
            error={update.isError ? explain(update.error) : undefined}
            onSubmit={({ name, timezone, issuer }) =>
              update.mutate({ params: { id: only.id }, body: { name, timezone, issuer } })
            }
          />
        </div>
      ) : (
        <ul className={styles.places}>
          {places.map((place) => (
            <li key={place.id}>
              <MapPin size={16} aria-hidden />
              <span>
                <b>{place.name}</b>
                <small>
                  {place.timezone.replaceAll('_', ' ')} · {place.issuer}
                </small>
              </span>
              <IconButton
                icon={Pencil}
                label={words('editLocation', { name: place.name })}
                onPress={() => setEdits(place)}
              />
            </li>
          ))}
        </ul>
      )}
      {edits !== undefined && (
        <LocationDialog place={edits === 'new' ? null : edits} onClose={() => setEdits(undefined)} />
      )}
    </StepFrame>
  );
};
