import { Check } from 'lucide-react';
import { VisuallyHidden } from 'react-aria-components';
import { useText } from '../i18n/use-text.ts';
import { messages } from '../messages.ts';
import styles from './stepper.module.css';

/** Where somebody is on a way of a few steps. */
export const Stepper = ({
  steps,
  current,
}: {
  readonly steps: readonly string[];
  /** From 0; as many as there are steps when all are done. */
  readonly current: number;
}) => {
  const text = useText(messages);
  return (
    <ol className={styles.steps} aria-label={text('steps')}>
      {steps.map((step, at) => (
        <li
          key={step}
          className={styles.step}
          data-state={at < current ? 'done' : at === current ? 'now' : 'next'}
          aria-current={at === current ? 'step' : undefined}
        >
          <span className={styles.mark} aria-hidden>
            {at < current ? <Check size={13} strokeWidth={2.6} /> : at + 1}
          </span>
          <span className={styles.name}>{step}</span>
          {at < current && <VisuallyHidden>{`, ${text('stepDone')}`}</VisuallyHidden>}
        </li>
      ))}
    </ol>
  );
};
