import { ordersApi } from '@archwire/contracts/api/orders';
import { Badge, Button, IconButton, Link, Menu, personName, toasts, useText } from '@archwire/ui';
import { Ban, CheckCheck, CircleCheck, Ellipsis } from 'lucide-react';
import { useState } from 'react';
import { ApiProblem } from '../api/api-problem.ts';
import { useAction } from '../api/use-action.ts';
import { useMay } from '../api/use-me.ts';
import { usePatientWords } from '../patients/use-patient-words.ts';
import { DiscontinueDialog } from './discontinue-dialog.tsx';
import { messages } from './messages.ts';
import { OrderState } from './order-state.tsx';
import type { Order } from './order.ts';
import styles from './worklist.module.css';

/** Answers that are old when an order changed. */
const CHANGES = [ordersApi.list, ordersApi.get, ordersApi.worklistPreview];

/** One order: when, who, what, how far, and the next thing to do with it. */
export const OrderRow = ({ order }: { readonly order: Order }) => {
  const text = useText(messages);
  const words = usePatientWords();
  const mayWrite = useMay('orders.order.write');
  const maySeePatients = useMay('imaging.study.read');
  const [ends, setEnds] = useState(false);
  const { patient, state } = order;
  const name = personName(patient.name, 'sorted') ?? text('noName');
  const onError = (error: Error) =>
    void toasts.show({
      text: text(error instanceof ApiProblem && error.kind === 'conflict' ? 'meanwhile' : 'failed'),
      tone: 'danger',
    });
  const checkIn = useAction(ordersApi.checkIn, {
    changes: CHANGES,
    onSuccess: () => void toasts.show({ text: text('checkedIn', { name }), tone: 'ok' }),
    onError,
  });
  const complete = useAction(ordersApi.complete, {
    changes: CHANGES,
    onSuccess: () => void toasts.show({ text: text('completedToast', { name }), tone: 'ok' }),
    onError,
  });
  const params = { id: order.id };
  const isOpen = state !== 'completed' && state !== 'discontinued';
  const facts = [words.age(patient.birthDate), words.sex(patient.sex), patient.patientId].filter(
    (fact) => fact !== undefined && fact !== null,
  );
  const stations = [...new Set(order.steps.flatMap(({ stationAeTitles }) => stationAeTitles))];
  return (
    <li className={styles.order} aria-label={`${order.time.slice(0, 5)} ${name}`}>
      <time className={styles.time}>{order.time.slice(0, 5)}</time>
      <div className={styles.who}>
        {maySeePatients ? <Link href={`/patients/${patient.id}`}>{name}</Link> : <strong>{name}</strong>}
        <span>{facts.join(' · ')}</span>
      </div>
      <div className={styles.what}>
        <span className={styles.procedure}>
          {order.description}
          {[...new Set(order.steps.map(({ modality }) => modality))].map((modality) => (
            <Badge key={modality}>{modality}</Badge>
          ))}
        </span>
        <span>
          <code title={text('accession')}>{order.accessionNumber}</code> · {order.locationName}
          {stations.length > 0 && <> · {stations.join(', ')}</>}
        </span>
      </div>
      <div className={styles.state}>
        <OrderState state={state} />
        {order.reason !== null && <span>{order.reason.meaning}</span>}
      </div>
      <div className={styles.doing}>
        {mayWrite && state === 'planned' && (
          <Button
            tone="primary"
            isPending={checkIn.isPending}
            onPress={() => checkIn.mutate({ params })}
            aria-label={text('checkInOf', { name })}
          >
            <CircleCheck size={15} aria-hidden />
            {text('checkIn')}
          </Button>
        )}
        {mayWrite && isOpen && (
          <Menu
            label={text('actions', { name })}
            trigger={<IconButton icon={Ellipsis} label={text('actions', { name })} />}
            groups={[
              {
                entries: [
                  ...(state === 'planned'
                    ? []
                    : [
                        {
                          id: 'complete',
                          label: text('complete'),
                          icon: CheckCheck,
                          onAction: () => complete.mutate({ params, body: {} }),
                        },
                      ]),
                  {
                    id: 'discontinue',
                    label: text('discontinue'),
                    icon: Ban,
                    tone: 'danger',
                    onAction: () => setEnds(true),
                  },
                ],
              },
            ]}
          />
        )}
      </div>
      {ends && (
        <DiscontinueDialog order={order} name={name} changes={CHANGES} onClose={() => setEnds(false)} />
      )}
    </li>
  );
};
