import { AlertTriangle, Check, Info, OctagonAlert, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from '../button/button.tsx';
import { IconButton } from '../button/icon-button.tsx';
import { useText } from '../i18n/use-text.ts';
import { messages } from '../messages.ts';
import styles from './toast.module.css';
import { type ShownToast, toasts } from './toasts.ts';

const ICONS = { ok: Check, info: Info, warn: AlertTriangle, danger: OctagonAlert } as const;
const PLAIN_MS = 5000;
/** Time enough to reach the button. */
const ACTION_MS = 10_000;

const ToastCard = ({ toast, held }: { readonly toast: ShownToast; readonly held: boolean }) => {
  const text = useText(messages);
  const { id, tone = 'info', action } = toast;
  useEffect(() => {
    if (held || tone === 'danger') return undefined;
    const timer = setTimeout(() => toasts.close(id), action === undefined ? PLAIN_MS : ACTION_MS);
    return () => clearTimeout(timer);
  }, [held, tone, id, action]);
  const Icon = ICONS[tone];
  return (
    <li className={styles.toast} data-tone={tone}>
      <Icon size={16} aria-hidden />
      <p>{toast.text}</p>
      {action !== undefined && (
        <Button
          tone="ghost"
          onPress={() => {
            action.run();
            toasts.close(id);
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton icon={X} size={14} label={text('close')} onPress={() => toasts.close(id)} />
    </li>
  );
};

/** Where toasts appear. Stands once in the app; time stops while the mouse or the focus is on it. */
export const ToastRegion = () => {
  const text = useText(messages);
  const shown = toasts.use();
  const [held, setHeld] = useState(false);
  return (
    // The listeners only hold the time; nothing is done by them.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <section
      aria-label={text('notifications')}
      className={styles.region}
      // Above dialogs, which make everything else inert: the way back must be within reach.
      data-react-aria-top-layer
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <ol aria-live="polite" aria-relevant="additions">
        {shown.map((toast) => (
          <ToastCard key={toast.id} toast={toast} held={held} />
        ))}
      </ol>
    </section>
  );
};
