import { devicesApi } from '@archwire/contracts/api/devices';
import { operationsApi } from '@archwire/contracts/api/operations';
import { Select, toasts, useText } from '@archwire/ui';
import { useAction } from '../api/use-action.ts';
import { useMay } from '../api/use-me.ts';
import type { Device } from './device.ts';
import { messages } from './messages.ts';

const LEARNED = 'learned';
const CHOICES = [4, 8, 24, 48, 72, 168, 336, 720, 2160] as const;

/** After how long without a word a device counts as silent: learned from its own days, or as somebody says. */
export const SilenceField = ({ device }: { readonly device: Device }) => {
  const text = useText(messages);
  const may = useMay('operations.health.write');
  const { silenceHours, silentAfterHours } = device;
  const set = useAction(operationsApi.setSilence, {
    changes: [devicesApi.list, operationsApi.alerts],
    onSuccess: () => void toasts.show({ text: text('saved', { name: device.name }), tone: 'ok' }),
    onError: () => void toasts.show({ text: text('failed'), tone: 'danger' }),
  });
  const hours = [...new Set([...CHOICES, ...(silenceHours === null ? [] : [silenceHours])])].toSorted(
    (a, b) => a - b,
  );
  const words = (count: number) =>
    count % 24 === 0 ? text('dayCount', { count: count / 24 }) : text('hourCount', { count });
  const learned =
    silenceHours === null && silentAfterHours !== null
      ? text('silenceLearned', { time: words(Math.ceil(silentAfterHours / 24) * 24) })
      : text('silenceLearns');
  return (
    <Select
      label={text('silence')}
      description={text('silenceHint')}
      options={[
        { id: LEARNED, label: learned },
        ...hours.map((count) => ({ id: String(count), label: words(count) })),
      ]}
      value={silenceHours === null ? LEARNED : String(silenceHours)}
      onChange={(choice) =>
        set.mutate({
          params: { id: device.id },
          body: { hours: choice === LEARNED ? null : Number(choice) },
        })
      }
      isDisabled={!may || set.isPending}
    />
  );
};
