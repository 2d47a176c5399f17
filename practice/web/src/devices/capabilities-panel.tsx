import type { EndpointResponse } from '@archwire/contracts/api';
import { devicesApi } from '@archwire/contracts/api/devices';
import { Badge, Button, ErrorState, Status, type StatusTone, useText } from '@archwire/ui';
import { ListChecks } from 'lucide-react';
import { useAction } from '../api/use-action.ts';
import { useMay } from '../api/use-me.ts';
import { capabilityMessages } from './capability-messages.ts';
import type { Device } from './device.ts';
import styles from './devices.module.css';
import { messages } from './messages.ts';

type Result = EndpointResponse<typeof devicesApi.capabilities>;

const TONES: Readonly<Record<Result['services'][number]['answer'], StatusTone>> = {
  accepted: 'ok',
  refused: 'warn',
  unsupported: 'idle',
};

/** `DigitalIntraOralXRay…`, for a class that this page has no words for. */
const spaced = (keyword: string): string => keyword.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ');

const Accepted = ({ result }: { readonly result: Result }) => {
  const text = useText(capabilityMessages);
  const known: ReadonlySet<string> = new Set(Object.keys(capabilityMessages.en));
  const isKnown = (keyword: string): keyword is keyof typeof capabilityMessages.en => known.has(keyword);
  const nameOf = (keyword: string): string => (isKnown(keyword) ? text(keyword) : spaced(keyword));
  const taken = result.storage.filter(({ syntaxes }) => syntaxes.length > 0);
  const others = result.storage.filter(({ syntaxes }) => syntaxes.length === 0);
  return (
    <div className={styles.capabilities}>
      <h3 className={styles.part}>{text('services')}</h3>
      <ul className={styles.answers}>
        {result.services.map(({ service, answer }) => (
          <li key={service}>
            <span>{text(service)}</span>
            <Status tone={TONES[answer]}>{text(answer)}</Status>
          </li>
        ))}
      </ul>
      <h3 className={styles.part}>{text('storage')}</h3>
      {taken.length === 0 && <p className={styles.quiet}>{text('noStorage')}</p>}
      <ul className={styles.answers}>
        {taken.map(({ sopClassUid, keyword, syntaxes }) => (
          <li key={sopClassUid}>
            <span>{nameOf(keyword)}</span>
            <span className={styles.syntaxes}>
              {syntaxes.map((syntax) => (
                <Badge key={syntax}>{text(syntax)}</Badge>
              ))}
            </span>
          </li>
        ))}
      </ul>
      {taken.length > 0 && others.length > 0 && (
        <p className={styles.quiet}>
          {text('notTaken', { classes: others.map(({ keyword }) => nameOf(keyword)).join(', ') })}
        </p>
      )}
    </div>
  );
};

/** Asks a device which services and images it would take, without sending any. */
export const CapabilitiesPanel = ({ device }: { readonly device: Device }) => {
  const text = useText(capabilityMessages);
  const words = useText(messages);
  const may = useMay('devices.device.write');
  const ask = useAction(devicesApi.capabilities);
  const { data, error, isPending } = ask;
  if (!may) return null;
  return (
    <div className={styles.stack}>
      <p>{text('lead')}</p>
      <div>
        <Button isPending={isPending} onPress={() => ask.mutate({ params: { id: device.id } })}>
          <ListChecks size={15} aria-hidden />
          {text('ask')}
        </Button>
      </div>
      {error !== null && <ErrorState error={error} />}
      {data !== undefined && !isPending && (
        <div role="status">
          {data.outcome === 'success' ? (
            <Accepted result={data} />
          ) : (
            <div className={styles.finding}>
              <Status tone="danger">{words('echoBad')}</Status>
              <p>
                {data.outcome === 'rejected'
                  ? words(`rejected-${data.rejection ?? 'other'}`, { ae: data.calledAe, own: data.callingAe })
                  : words(`echo-${data.outcome}`)}
              </p>
            </div>
          )}
        </div>
      )}
    </div>
  );
};
