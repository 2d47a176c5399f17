import { accountsApi } from '@archwire/contracts/api/accounts';
import { usersApi } from '@archwire/contracts/api/users';
import { Button, ConfirmDialog, Dialog, IconButton, Menu, RadioGroup, toasts, useText } from '@archwire/ui';
import { KeyRound, LogOut, MoreHorizontal, Pencil, Smartphone, UserCheck, UserX } from 'lucide-react';
import { useState } from 'react';
import { useAction } from '../api/use-action.ts';
import { useEndpoint } from '../api/use-endpoint.ts';
import { EditUserDialog } from './edit-user-dialog.tsx';
import { messages } from './messages.ts';
import { ShownOnce } from './shown-once.tsx';
import { useProblemText } from './use-problem-text.ts';
import type { User } from './users-page.tsx';

type Asked = 'edit' | 'password' | 'totp' | 'sign-out' | 'deactivate';

/** What an administrator can do about a person. */
export const UserMenu = ({ user }: { readonly user: User }) => {
  const text = useText(messages);
  const explain = useProblemText();
  const [asked, setAsked] = useState<Asked>();
  const [oneTime, setOneTime] = useState<string>();
  const [by, setBy] = useState<'email' | 'one-time-password'>();
  const mail = useEndpoint(accountsApi.options, {}, { staleTime: 60_000 }).data?.passwordReset ?? false;
  const passwordBy = by ?? (mail ? 'email' : 'one-time-password');
  const changes = [usersApi.list];
  const update = useAction(usersApi.update, { changes });
  const resetPassword = useAction(usersApi.resetPassword, { changes });
  const resetTotp = useAction(usersApi.resetTotp, { changes });
  const signOut = useAction(usersApi.signOut, { changes });
  const params = { id: user.id };
  const name = user.displayName;
  const close = () => setAsked(undefined);
  const say = (words: string) => toasts.show({ tone: 'ok', text: words });
  const activate = () =>
    update.mutate(
      { params, body: { active: true } },
      {
        onSuccess: () => void say(text('activated', { name })),
        onError: (error) => void toasts.show({ tone: 'danger', text: explain(error) }),
      },
    );
  const confirm = {
    password: {
      title: text('resetPassword'),
      lead: text('resetPasswordLead', { name }),
      action: text('reset'),
      run: async () => {
        const { oneTimePassword } = await resetPassword.mutateAsync({ params, body: { passwordBy } });
        if (oneTimePassword === null) say(text('invited', { email: user.email }));
        else setOneTime(oneTimePassword);
      },
    },
    totp: {
      title: text('resetTotp'),
      lead: text('resetTotpLead', { name }),
      action: text('reset'),
      run: async () => {
        await resetTotp.mutateAsync({ params });
        say(text('resetTotpDone', { name }));
      },
    },
    'sign-out': {
      title: text('signOutUser'),
      lead: text('signOutUserLead', { name }),
      action: text('signOutUser'),
      run: async () => {
        await signOut.mutateAsync({ params });
        say(text('signedOut', { name }));
      },
    },
    deactivate: {
      title: text('deactivate'),
      lead: text('deactivateLead', { name }),
      action: text('deactivate'),
      run: async () => {
        await update.mutateAsync({ params, body: { active: false } });
        say(text('deactivated', { name }));
      },
    },
  } as const;
  const question = asked === undefined || asked === 'edit' ? undefined : confirm[asked];
  return (
    <>
      <Menu
        label={text('more', { name })}
        trigger={<IconButton icon={MoreHorizontal} label={text('more', { name })} />}
        groups={[
          {
            entries: [
              { id: 'edit', label: text('rename'), icon: Pencil, onAction: () => setAsked('edit') },
              {
                id: 'password',
                label: text('resetPassword'),
                icon: KeyRound,
                onAction: () => setAsked('password'),
              },
              {
                id: 'totp',
                label: text('resetTotp'),
                icon: Smartphone,
                isDisabled: !user.totpEnrolled,
                onAction: () => setAsked('totp'),
              },
              {
                id: 'sign-out',
                label: text('signOutUser'),
                icon: LogOut,
                onAction: () => setAsked('sign-out'),
              },
            ],
          },
          {
            entries: [
              user.active
                ? {
                    id: 'deactivate',
                    label: text('deactivate'),
                    icon: UserX,
                    tone: 'danger',
                    onAction: () => setAsked('deactivate'),
                  }
                : { id: 'activate', label: text('activate'), icon: UserCheck, onAction: activate },
            ],
          },
        ]}
      />
      {asked === 'edit' && <EditUserDialog user={user} onClose={close} />}
      {question !== undefined && (
        <ConfirmDialog
          isOpen
          onClose={close}
          title={question.title}
          lead={question.lead}
          action={question.action}
          isDangerous={asked === 'deactivate'}
          onConfirm={question.run}
          explain={explain}
        >
          {asked === 'password' && mail && (
            <RadioGroup
              label={text('howIn')}
              value={passwordBy}
              onChange={setBy}
              options={[
                { id: 'email', label: text('byEmail') },
                { id: 'one-time-password', label: text('byPassword'), description: text('byPasswordHint') },
              ]}
            />
          )}
        </ConfirmDialog>
      )}
      {oneTime !== undefined && (
        <Dialog
          isOpen
          onClose={() => setOneTime(undefined)}
          title={text('oneTimeTitle')}
          lead={text('oneTimeLead', { name })}
          footer={
            <Button tone="primary" onPress={() => setOneTime(undefined)}>
              {text('oneTimeDone')}
            </Button>
          }
        >
          <ShownOnce secret={oneTime} />
        </Dialog>
      )}
    </>
  );
};
