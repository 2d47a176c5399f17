import type { Endpoint } from '@archwire/contracts/api';
import { ordersApi } from '@archwire/contracts/api/orders';
import { Button, Dialog, TextField, toasts, useText } from '@archwire/ui';
import { useState } from 'react';
import { useAction } from '../api/use-action.ts';
import { focusInput } from './focus-input.ts';
import { messages } from './messages.ts';
import type { Order } from './order.ts';
import styles from './worklist.module.css';

const REASONS = ['reasonNoShow', 'reasonMistake', 'reasonRefused', 'reasonEquipment'] as const;

/** Ends an order, with a reason: the usual ones with one press, or in own words. */
export const DiscontinueDialog = ({
  order,
  name,
  changes,
  onClose,
}: {
  readonly order: Order;
  /** Of the patient, as it is shown. */
  readonly name: string;
  readonly changes: readonly Endpoint[];
  readonly onClose: () => void;
}) => {
  const text = useText(messages);
  const [reason, setReason] = useState('');
  const end = useAction(ordersApi.discontinue, {
    changes,
    onSuccess: () => {
      toasts.show({ text: text('discontinuedToast', { name }), tone: 'ok' });
      onClose();
    },
  });
  const submit = () => {
    if (reason.trim() !== '') end.mutate({ params: { id: order.id }, body: { reason: reason.trim() } });
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={text('discontinue')}
      lead={text('discontinueLead', { name, what: order.description })}
      isBusy={end.isPending}
      footer={
        <>
          <Button onPress={onClose}>{text('cancel')}</Button>
          <Button tone="danger" isPending={end.isPending} isDisabled={reason.trim() === ''} onPress={submit}>
            {text('discontinue')}
          </Button>
        </>
      }
    >
      <form
        className={styles.form}
        ref={focusInput}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <TextField label={text('reason')} value={reason} onChange={setReason} maxLength={64} isRequired />
        <div className={styles.quick}>
          {REASONS.map((key) => (
            <Button key={key} onPress={() => setReason(text(key))}>
              {text(key)}
            </Button>
          ))}
        </div>
        {end.error !== null && (
          <p role="alert" className={styles.wrong}>
            {text('failed')}
          </p>
        )}
      </form>
    </Dialog>
  );
};
