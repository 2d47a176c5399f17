import { type SharedStudy, sharesApi } from '@archwire/contracts/api/shares';
import { Button, Skeleton, TextField, useText } from '@archwire/ui';
import { useCallback, useEffect, useState } from 'react';
import { useLocation } from 'react-router';
import { problemWord } from '../../api/problem-word.ts';
import { openClient } from '../../api/open-client.ts';
import { Door } from '../../sign-in/door.tsx';
import { messages } from './messages.ts';
import { SharedStudyView } from './shared-study-view.tsx';
import styles from './shared.module.css';

const WORDS = {
  unknown: 'unknown',
  expired: 'expired',
  revoked: 'revoked',
  locked: 'locked',
  'passcode-needed': 'needed',
  'passcode-wrong': 'wrong',
} as const;
type Refusal = (typeof WORDS)[keyof typeof WORDS] | 'failed' | 'offline';

/** What a link leads to. Its secret stands behind the `#`, which no server and no log ever sees. */
export const SharedPage = () => {
  const text = useText(messages);
  const { hash } = useLocation();
  const token = hash.slice(1);
  const [study, setStudy] = useState<SharedStudy>();
  const [refusal, setRefusal] = useState<Refusal>();
  const [passcode, setPasscode] = useState('');
  const [working, setWorking] = useState(false);

  const ask = useCallback(
    async (given: string): Promise<void> => {
      try {
        const body = { token: token === '' ? '-' : token, ...(given === '' ? {} : { passcode: given }) };
        setStudy(await openClient.call(sharesApi.open, { body }));
        setRefusal(undefined);
      } catch (error) {
        setRefusal(problemWord(error, WORDS));
        setStudy(undefined);
      }
    },
    [token],
  );
  const open = async (given: string): Promise<void> => {
    setWorking(true);
    await ask(given);
    setWorking(false);
  };
  useEffect(() => {
    // What it sets comes with the answer, not with the effect.
    const timer = setTimeout(() => void ask(''));
    return () => clearTimeout(timer);
  }, [ask]);

  if (study !== undefined) return <SharedStudyView study={study} refresh={() => ask(passcode.trim())} />;
  if (refusal === undefined)
    return (
      <Door title={text('title')} lead={text('opening')}>
        <Skeleton lines={4} />
      </Door>
    );
  if (refusal === 'needed' || refusal === 'wrong')
    return (
      <Door title={text('passcodeTitle')} lead={text('passcodeLead')}>
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            if (passcode.trim() !== '') void open(passcode.trim());
          }}
        >
          <TextField
            label={text('passcode')}
            value={passcode}
            onChange={(next) => {
              setPasscode(next);
              // A field that is called wrong keeps its form from being sent.
              setRefusal('needed');
            }}
            autoComplete="off"
            isRequired
            {...(refusal === 'wrong' ? { error: text('wrong') } : {})}
          />
          <Button type="submit" tone="primary" wide isPending={working}>
            {text('open')}
          </Button>
        </form>
      </Door>
    );
  const mayHeal = refusal === 'failed' || refusal === 'offline';
  return (
    <Door title={text('goneTitle')} lead={text(refusal)}>
      {mayHeal && (
        <Button tone="primary" isPending={working} onPress={() => void open(passcode.trim())}>
          {text('again')}
        </Button>
      )}
    </Door>
  );
};
