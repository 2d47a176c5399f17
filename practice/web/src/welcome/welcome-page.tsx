import { setupApi } from '@archwire/contracts/api/setup';
import { classes, ErrorState, Skeleton, useText } from '@archwire/ui';
import { Check } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { call } from '../api/call.ts';
import { useAction } from '../api/use-action.ts';
import { useEndpoint } from '../api/use-endpoint.ts';
import { SignedIn } from '../shell/signed-in.tsx';
import { Mark } from '../sign-in/mark.tsx';
import { DeviceStep } from './device-step.tsx';
import { GroupStep } from './group-step.tsx';
import { LocationsStep } from './locations-step.tsx';
import { messages } from './messages.ts';
import { TestImageStep } from './test-image-step.tsx';
import styles from './welcome.module.css';

const STEPS = [
  { id: 'group', Step: GroupStep },
  { id: 'locations', Step: LocationsStep },
  { id: 'device', Step: DeviceStep },
  { id: 'test-image', Step: TestImageStep },
] as const;
type StepId = (typeof STEPS)[number]['id'];

const Steps = () => {
  const text = useText(messages);
  const navigate = useNavigate();
  const { data, error, refetch } = useEndpoint(setupApi.read, {});
  const confirm = useAction(setupApi.confirm, { changes: [setupApi.read] });
  const [chosen, setChosen] = useState<StepId>();
  useEffect(() => {
    document.title = `${text('title')} · Archwire`;
  }, [text]);
  const isDone = (id: StepId): boolean => data?.steps.some(({ step, done }) => step === id && done) ?? false;
  const current = chosen ?? STEPS.find(({ id }) => !isDone(id))?.id ?? 'test-image';
  const at = STEPS.findIndex(({ id }) => id === current);
  const active = STEPS[at];
  const goOn = async () => {
    const next = STEPS[at + 1];
    await confirm.mutateAsync({ body: { step: current } }).catch(() => {});
    if (next !== undefined) {
      setChosen(next.id);
      return;
    }
    await call(setupApi.finish, {}).catch(() => {});
    await navigate('/');
  };
  return (
    <div className={styles.page}>
      <aside className={styles.side}>
        <div className={styles.brand} aria-hidden>
          <Mark />
          Archwire
        </div>
        <div>
          <h1>{text('title')}</h1>
          <p>{text('lead')}</p>
        </div>
        <nav aria-label={text('steps')}>
          <ol className={styles.stepper}>
            {STEPS.map(({ id }, index) => (
              <li key={id}>
                <button
                  type="button"
                  className={styles.step}
                  data-done={isDone(id) || undefined}
                  aria-current={id === current ? 'step' : undefined}
                  onClick={() => setChosen(id)}
                >
                  <span className={styles.number}>
                    {isDone(id) ? <Check size={14} strokeWidth={3} aria-label={text('done')} /> : index + 1}
                  </span>
                  <span className={classes(styles.stepName)}>{text(`step-${id}`)}</span>
                </button>
              </li>
            ))}
          </ol>
        </nav>
      </aside>
      <main id="content" className={styles.main}>
        {data === undefined && error === null && <Skeleton height={200} />}
        {data === undefined && error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
        {data !== undefined && active !== undefined && (
          <active.Step key={current} onDone={() => void goOn()} />
        )}
      </main>
    </div>
  );
};

/** The first run: what a group needs before it can work, and an image that proves that it can. */
export const WelcomePage = () => (
  <SignedIn>
    <Steps />
  </SignedIn>
);
