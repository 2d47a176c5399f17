import { devicesApi } from '@archwire/contracts/api/devices';
import { Button, Dialog, toasts, useText } from '@archwire/ui';
import { imagingApi } from '@archwire/contracts/api/imaging';
import { useState } from 'react';
import { ApiProblem } from '../api/api-problem.ts';
import { useAction } from '../api/use-action.ts';
import { bodyOf, type DeviceDraft, DeviceForm, faultsOf } from './device-form.tsx';
import styles from './devices.module.css';
import { messages } from './messages.ts';

/** Registers a device; `draft` is what is known of it already. */
export const RegisterDialog = ({
  draft: start,
  onClose,
}: {
  readonly draft: DeviceDraft;
  readonly onClose: () => void;
}) => {
  const text = useText(messages);
  const [draft, setDraft] = useState(start);
  const [tried, setTried] = useState(false);
  const register = useAction(devicesApi.register, {
    changes: [devicesApi.list, devicesApi.refusals, imagingApi.notices],
    onSuccess: (device) => {
      const mayStore = device?.services.includes('store') ?? false;
      toasts.show({
        text: text(mayStore ? 'registered' : 'saved', { name: device?.name ?? '' }),
        tone: 'ok',
      });
      onClose();
    },
  });
  const submit = () => {
    setTried(true);
    if (Object.keys(faultsOf(draft)).length === 0) register.mutate({ body: bodyOf(draft) });
  };
  const { error } = register;
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={text('register')}
      size="wide"
      isBusy={register.isPending}
      footer={
        <>
          <Button onPress={onClose}>{text('cancel')}</Button>
          <Button tone="primary" isPending={register.isPending} onPress={submit}>
            {text('registerAction')}
          </Button>
        </>
      }
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <DeviceForm draft={draft} onChange={setDraft} showFaults={tried} />
        {error !== null && (
          <p role="alert" className={styles.wrong}>
            {text(error instanceof ApiProblem && error.reason === 'device-taken' ? 'taken' : 'failed')}
          </p>
        )}
        <button type="submit" hidden>
          {text('register')}
        </button>
      </form>
    </Dialog>
  );
};
