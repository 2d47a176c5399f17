import { accountsApi } from '@archwire/contracts/api/accounts';
import { Button, Card, LANGUAGES, type Language, Select, TextField, toasts, useText } from '@archwire/ui';
import { useState } from 'react';
import type { Me } from '../api/use-me.ts';
import { useAction } from '../api/use-action.ts';
import { languageChoice } from '../i18n/language.ts';
import { type Theme, themeChoice } from '../shell/theme.ts';
import { messages } from './messages.ts';
import styles from './settings.module.css';
import { useProblemText } from './use-problem-text.ts';

const NAMES: Readonly<Record<Language, string>> = { en: 'English', fr: 'Français', es: 'Español' };
const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

/** Name, language and theme. The last two take effect at once; the server keeps them for other browsers. */
export const AboutYou = ({ me }: { readonly me: Me }) => {
  const text = useText(messages);
  const explain = useProblemText();
  const [name, setName] = useState(me.displayName);
  const change = useAction(accountsApi.changeProfile, { changes: [accountsApi.me] });
  const save = (body: { displayName?: string; language?: Language | null; theme?: Theme }) =>
    change.mutate(
      { body },
      {
        onSuccess: () => toasts.show({ tone: 'ok', text: text('saved') }),
        onError: (error) => toasts.show({ tone: 'danger', text: explain(error) }),
      },
    );
  return (
    <Card title={text('aboutYou')} meta={me.email}>
      <div className={styles.form}>
        <form
          className={styles.row}
          onSubmit={(event) => {
            event.preventDefault();
            save({ displayName: name.trim() });
          }}
        >
          <div className={styles.grow}>
            <TextField
              label={text('displayName')}
              name="displayName"
              autoComplete="name"
              value={name}
              onChange={setName}
              maxLength={200}
              isRequired
            />
          </div>
          {name.trim() !== me.displayName && name.trim() !== '' && (
            <Button type="submit" tone="primary" isPending={change.isPending}>
              {text('save')}
            </Button>
          )}
        </form>
        <Select
          label={text('language')}
          value={me.language ?? 'browser'}
          options={[
            { id: 'browser', label: text('languageBrowser') },
            ...LANGUAGES.map((id) => ({ id, label: NAMES[id] })),
          ]}
          onChange={(chosen) => {
            const language = LANGUAGES.find((id) => id === chosen) ?? null;
            languageChoice.set(language);
            save({ language });
          }}
        />
        <Select
          label={text('theme')}
          value={me.theme}
          options={THEMES.map((id) => ({ id, label: text(`theme-${id}`) }))}
          onChange={(theme) => {
            themeChoice.set(theme);
            save({ theme });
          }}
        />
      </div>
    </Card>
  );
};
