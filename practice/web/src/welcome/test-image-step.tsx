import { devicesApi } from '@archwire/contracts/api/devices';
import { setupApi } from '@archwire/contracts/api/setup';
import { Button, Select, toasts, useText } from '@archwire/ui';
import { Check } from 'lucide-react';
import { useState } from 'react';
import { ApiProblem } from '../api/api-problem.ts';
import { useAction } from '../api/use-action.ts';
import { useEndpoint } from '../api/use-endpoint.ts';
import { messages } from './messages.ts';
import { StepFrame } from './step-frame.tsx';
import { type TestTrip, useTestTrip } from './use-test-trip.ts';
import styles from './welcome.module.css';

const ORDER: readonly TestTrip['phase'][] = ['idle', 'sending', 'sent', 'indexed', 'pictured', 'seen'];
const has = (phase: TestTrip['phase'], at: TestTrip['phase']): boolean =>
  ORDER.indexOf(phase) >= ORDER.indexOf(at);

const Leg = ({
  title,
  hint,
  isDone,
  isRunning,
}: {
  readonly title: string;
  readonly hint: string;
  readonly isDone: boolean;
  readonly isRunning: boolean;
}) => {
  const text = useText(messages);
  return (
    <li data-state={isDone ? 'done' : isRunning ? 'running' : 'open'}>
      <span className={styles.dot}>{isDone && <Check size={13} strokeWidth={3} aria-hidden />}</span>
      <b>{title}</b>
      {(isDone || isRunning) && <small>{isDone ? hint : text('waiting')}</small>}
    </li>
  );
};

/** The whole way of an image, from a socket to a picture, watched as it happens. */
export const TestImageStep = ({ onDone }: { readonly onDone: () => void }) => {
  const text = useText(messages);
  const { phase, sent, error, milliseconds, isSlow, send, see, reset } = useTestTrip();
  const devices = useEndpoint(devicesApi.list, {}).data?.devices.filter(({ active }) => active) ?? [];
  const remove = useAction(setupApi.removeTestImage, { changes: [setupApi.read] });
  const [deviceId, setDeviceId] = useState('own');
  const explain = (problem: unknown): string => {
    if (!(problem instanceof ApiProblem)) return text('failed');
    if (problem.reason === 'not-admitted') return text('notAdmitted');
    if (problem.reason === 'dimse-off') return text('dimseOff');
    return problem.message === '' ? text('failed') : text('rejected', { detail: problem.message });
  };
  const isSeen = phase === 'seen';
  return (
    <StepFrame
      title={text(isSeen ? 'allDone' : 'testTitle')}
      lead={text(isSeen ? 'allDoneLead' : 'testLead')}
      foot={
        <>
          {(phase === 'idle' || isSeen) && (
            <Button
              tone={isSeen ? 'plain' : 'primary'}
              onPress={() => void send(deviceId === 'own' ? null : deviceId)}
            >
              {text(isSeen ? 'again' : 'send')}
            </Button>
          )}
          {isSeen && (
            <Button
              isPending={remove.isPending}
              onPress={() =>
                remove.mutate(
                  {},
                  {
                    onSuccess: () => {
                      toasts.show({ tone: 'ok', text: text('removed') });
                      reset();
                    },
                    onError: () => void toasts.show({ tone: 'danger', text: text('failed') }),
                  },
                )
              }
            >
              {text('removeTest')}
            </Button>
          )}
          <Button tone={isSeen ? 'primary' : 'plain'} onPress={onDone}>
            {text(isSeen ? 'finish' : 'leave')}
          </Button>
        </>
      }
    >
      {devices.length > 0 && phase === 'idle' && (
        <Select
          label={text('sendAs')}
          value={deviceId}
          onChange={setDeviceId}
          options={[
            { id: 'own', label: text('ourselves'), description: 'ARCHWIRE-TEST' },
            ...devices.map(({ id, name, aeTitle }) => ({ id, label: name, description: aeTitle })),
          ]}
        />
      )}
      {error !== undefined && (
        <p role="alert" className={styles.wrong}>
          {explain(error)}
        </p>
      )}
      <div className={styles.card}>
        <div className={styles.trip}>
          <ol className={styles.legs}>
            <Leg
              title={text('sent')}
              hint={
                sent === undefined
                  ? ''
                  : text('sentHint', {
                      calling: sent.callingAe,
                      called: sent.calledAe,
                      ms: sent.milliseconds,
                    })
              }
              isDone={has(phase, 'sent')}
              isRunning={phase === 'sending'}
            />
            <Leg
              title={text('indexed')}
              hint={text('indexedHint')}
              isDone={has(phase, 'indexed')}
              isRunning={phase === 'sent'}
            />
            <Leg
              title={text('seen')}
              hint={milliseconds === undefined ? '' : text('seenHint', { ms: milliseconds })}
              isDone={isSeen}
              isRunning={phase === 'indexed' || phase === 'pictured'}
            />
          </ol>
          <div className={styles.picture}>
            {sent !== undefined && has(phase, 'pictured') && (
              <img
                src={`/dicomweb/studies/${sent.studyInstanceUid}/series/${sent.seriesInstanceUid}/instances/${sent.sopInstanceUid}/thumbnail`}
                alt={text('picture')}
                onLoad={phase === 'pictured' ? see : undefined}
              />
            )}
          </div>
        </div>
      </div>
      {isSlow && <p role="status">{text('slow')}</p>}
    </StepFrame>
  );
};
