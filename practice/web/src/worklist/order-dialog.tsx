import { devicesApi } from '@archwire/contracts/api/devices';
import { ordersApi } from '@archwire/contracts/api/orders';
import { Button, Dialog, personName, toasts, useText } from '@archwire/ui';
import { useState } from 'react';
import { ApiProblem } from '../api/api-problem.ts';
import { useAction } from '../api/use-action.ts';
import { useEndpoint } from '../api/use-endpoint.ts';
import { useMay } from '../api/use-me.ts';
import { locationChoice } from '../shell/location-choice.ts';
import { localDay } from '../studies/local-day.ts';
import { FindPatient } from './find-patient.tsx';
import { messages } from './messages.ts';
import { bodyOf, isTime, type OrderDraft } from './order-draft.ts';
import { OrderForm } from './order-form.tsx';
import type { PatientChoice } from './patient-choice.ts';
import styles from './worklist.module.css';

/** Orders images of a patient; without one, the dialog begins with finding somebody. */
export const OrderDialog = ({
  patient: chosen,
  day = localDay(),
  onClose,
}: {
  readonly patient?: PatientChoice;
  readonly day?: string;
  readonly onClose: () => void;
}) => {
  const text = useText(messages);
  const place = locationChoice.use();
  const maySeePlaces = useMay('devices.device.read');
  const { data } = useEndpoint(devicesApi.locations, {}, { enabled: maySeePlaces });
  const [patient, setPatient] = useState(chosen);
  const [tried, setTried] = useState(false);
  const [draft, setDraft] = useState<OrderDraft>(() => ({
    procedures: [],
    description: '',
    day,
    time: new Date().toTimeString().slice(0, 5),
    locationId: null,
    station: null,
    // Who orders for today mostly has the patient before them.
    isHere: day === localDay(),
    isUrgent: false,
    requestedBy: '',
    alerts: '',
  }));
  const create = useAction(ordersApi.create, {
    changes: [ordersApi.list, ordersApi.worklistPreview],
    onSuccess: (order) => {
      toasts.show({
        text: text(order?.state === 'planned' ? 'ordered' : 'orderedHere', {
          name: personName(order?.patient.name) ?? '',
          accession: order?.accessionNumber ?? '',
        }),
        tone: 'ok',
      });
      onClose();
    },
  });
  const locations = data?.locations ?? [];
  const shown = locations.find(({ id }) => id === (draft.locationId ?? place)) ?? null;
  const locationId = shown?.id ?? locations.find(({ isDefault }) => isDefault)?.id ?? null;
  const submit = () => {
    setTried(true);
    if (patient === undefined || draft.procedures.length === 0 || !isTime(draft.time)) return;
    create.mutate({ body: bodyOf({ ...draft, locationId }, patient.id, (id) => text(`procedure-${id}`)) });
  };
  const { error } = create;
  return (
    <Dialog
      isOpen
      size="wide"
      onClose={onClose}
      title={text('order')}
      isBusy={create.isPending}
      footer={
        <>
          <Button onPress={onClose}>{text('cancel')}</Button>
          {patient !== undefined && (
            <Button tone="primary" isPending={create.isPending} onPress={submit}>
              {text(draft.isHere ? 'orderNow' : 'orderAction')}
            </Button>
          )}
        </>
      }
    >
      {patient === undefined ? (
        <FindPatient onChoose={setPatient} />
      ) : (
        <form
          noValidate
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          <div className={styles.chosen}>
            <strong>{personName(patient.name, 'sorted') ?? text('noName')}</strong>
            {chosen === undefined && (
              <Button tone="ghost" onPress={() => setPatient(undefined)}>
                {text('otherPatient')}
              </Button>
            )}
          </div>
          <OrderForm
            draft={{ ...draft, locationId }}
            onChange={setDraft}
            locations={locations}
            showFaults={tried}
          />
          {error !== null && (
            <p role="alert" className={styles.wrong}>
              {error instanceof ApiProblem && error.kind === 'invalid' ? error.message : text('failed')}
            </p>
          )}
          <button type="submit" hidden>
            {text('orderAction')}
          </button>
        </form>
      )}
    </Dialog>
  );
};
