import { operationsApi } from '@archwire/contracts/api/operations';
import { Button, Link, toasts, useFormat, useText } from '@archwire/ui';
import { AlertTriangle, OctagonAlert } from 'lucide-react';
import { useAction } from '../api/use-action.ts';
import { useMay } from '../api/use-me.ts';
import { type Alert, alertWords } from './alert-words.ts';
import { messages } from './messages.ts';
import styles from './operations-page.module.css';

/** What is the matter, one below the other, with the way to mend it. */
export const AlertList = ({
  alerts,
  onGo,
}: {
  readonly alerts: readonly Alert[];
  /** Runs when a link was followed. */
  readonly onGo?: () => void;
}) => {
  const text = useText(messages);
  const format = useFormat();
  const may = useMay('operations.health.write');
  const acknowledge = useAction(operationsApi.acknowledgeAlert, {
    changes: [operationsApi.alerts, operationsApi.overview],
    onError: () => void toasts.show({ text: text('notDone'), tone: 'danger' }),
  });
  return (
    <ul className={styles.alerts}>
      {alerts.map((alert) => {
        const { title, hint, go } = alertWords(alert, text, format);
        const Icon = alert.severity === 'critical' ? OctagonAlert : AlertTriangle;
        return (
          <li
            key={alert.id}
            data-severity={alert.severity}
            data-known={alert.acknowledgedAt !== null || undefined}
          >
            <Icon size={17} aria-hidden />
            <div className={styles.alertText}>
              <b>{title}</b>
              {hint !== '' && <p>{hint}</p>}
              <small title={format.dateTime(alert.raisedAt)}>
                {[
                  text('since', { when: format.dateTime(alert.raisedAt) }),
                  alert.acknowledgedAt === null
                    ? ''
                    : alert.acknowledgedBy === null
                      ? text('knownSomebody')
                      : text('knownBy', { name: alert.acknowledgedBy }),
                ]
                  .filter((part) => part !== '')
                  .join(' · ')}
              </small>
            </div>
            <div className={styles.alertActions}>
              {may && alert.acknowledgedAt === null && (
                <Button
                  tone="ghost"
                  isPending={acknowledge.isPending && acknowledge.variables.params.id === alert.id}
                  onPress={() => acknowledge.mutate({ params: { id: alert.id } })}
                >
                  {text('known')}
                </Button>
              )}
              {go !== undefined && (
                <Link look="plain" href={go.to} {...(onGo === undefined ? {} : { onPress: onGo })}>
                  {go.label}
                </Link>
              )}
            </div>
          </li>
        );
      })}
    </ul>
  );
};
