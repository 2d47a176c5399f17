import type { EndpointResponse } from '@archwire/contracts/api';
import { devicesApi } from '@archwire/contracts/api/devices';
import { groupApi } from '@archwire/contracts/api/group';
import { Dialog, toasts, useText } from '@archwire/ui';
import { useAction } from '../api/use-action.ts';
import { browserZone, LocationForm } from './location-form.tsx';
import { messages } from './messages.ts';
import { useProblemText } from './use-problem-text.ts';

export type Place = EndpointResponse<typeof devicesApi.locations>['locations'][number];

/** Adds a location, or changes one. */
export const LocationDialog = ({
  place,
  onClose,
}: {
  /** `null`: a new one. */
  readonly place: Place | null;
  readonly onClose: () => void;
}) => {
  const text = useText(messages);
  const explain = useProblemText();
  const changes = [devicesApi.locations];
  const create = useAction(groupApi.createLocation, { changes });
  const update = useAction(groupApi.updateLocation, { changes });
  const error = create.error ?? update.error;
  const onSuccess = () => {
    toasts.show({ tone: 'ok', text: text('saved') });
    onClose();
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={place === null ? text('addLocation') : text('editLocation', { name: place.name })}
      lead={place === null ? text('locationsLead') : undefined}
    >
      <LocationForm
        first={place ?? { name: '', timezone: browserZone(), issuer: '' }}
        submit={text('save')}
        isPending={create.isPending || update.isPending}
        error={error === null ? undefined : explain(error)}
        onCancel={onClose}
        onSubmit={({ name, timezone, issuer }) =>
          place === null
            ? create.mutate({ body: { name, timezone, issuer } }, { onSuccess })
            : update.mutate({ params: { id: place.id }, body: { name, timezone, issuer } }, { onSuccess })
        }
      />
    </Dialog>
  );
};
