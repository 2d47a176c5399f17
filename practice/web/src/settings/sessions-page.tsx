import { accountsApi } from '@archwire/contracts/api/accounts';
import {
  Button,
  Card,
  ConfirmDialog,
  ErrorState,
  Skeleton,
  Status,
  toasts,
  useFormat,
  useText,
} from '@archwire/ui';
import { Laptop, Smartphone, Tablet } from 'lucide-react';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { session } from '../api/session.ts';
import { useAction } from '../api/use-action.ts';
import { useEndpoint } from '../api/use-endpoint.ts';
import { describeUserAgent } from './describe-user-agent.ts';
import { messages } from './messages.ts';
import styles from './settings.module.css';
import { useProblemText } from './use-problem-text.ts';

const ICONS = { desk: Laptop, phone: Smartphone, tablet: Tablet } as const;

/** Where one is signed in, in words that one recognises; each can be ended. */
export const SessionsPage = () => {
  const text = useText(messages);
  const format = useFormat();
  const explain = useProblemText();
  const { data, error, refetch } = useEndpoint(accountsApi.sessions, {}, { refetchInterval: 30_000 });
  const end = useAction(accountsApi.endSession, { changes: [accountsApi.sessions] });
  const [asks, setAsks] = useState(false);
  const everywhere = async () => {
    await call(accountsApi.signOutEverywhere, {});
    session.end(true, 'sign-out-everywhere');
  };
  if (error !== null && data === undefined)
    return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <Card
      title={text('sessions')}
      actions={<Button onPress={() => setAsks(true)}>{text('everywhere')}</Button>}
    >
      <p className={styles.quiet}>{text('sessionsLead')}</p>
      {data === undefined ? (
        <Skeleton lines={4} />
      ) : (
        <ul className={styles.list}>
          {data.sessions.map((each) => {
            const { browser, system, kind } = describeUserAgent(each.userAgent);
            const Icon = ICONS[kind];
            const name =
              browser !== null && system !== null
                ? text('onSystem', { browser, system })
                : (browser ?? system ?? text('unknownDevice'));
            return (
              <li key={each.id}>
                <span className={styles.mark}>
                  <Icon size={18} aria-hidden />
                </span>
                <div className={styles.grow}>
                  <div className={styles.row}>
                    <span className={styles.strong}>{name}</span>
                    {each.current && <Status tone="ok">{text('here')}</Status>}
                  </div>
                  <p className={styles.small}>
                    {[
                      each.address ?? '',
                      text('signedIn', { when: format.relative(each.createdAt) }),
                      text('lastUsed', { when: format.relative(each.lastUsedAt) }),
                    ]
                      .filter((part) => part !== '')
                      .join(' · ')}
                  </p>
                </div>
                {!each.current && (
                  <Button
                    isPending={end.isPending && end.variables.params.id === each.id}
                    onPress={() =>
                      end.mutate(
                        { params: { id: each.id } },
                        {
                          onSuccess: () => toasts.show({ tone: 'ok', text: text('sessionEnded') }),
                          onError: (problem) => toasts.show({ tone: 'danger', text: explain(problem) }),
                        },
                      )
                    }
                  >
                    {text('endSession')}
                  </Button>
                )}
              </li>
            );
          })}
        </ul>
      )}
      <ConfirmDialog
        isOpen={asks}
        onClose={() => setAsks(false)}
        title={text('everywhere')}
        lead={text('everywhereLead')}
        action={text('everywhere')}
        isDangerous
        onConfirm={everywhere}
        explain={explain}
      />
    </Card>
  );
};
