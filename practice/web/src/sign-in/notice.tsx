import { CircleAlert, CircleCheck, Info } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './door.module.css';

const ICONS = { info: Info, danger: CircleAlert, ok: CircleCheck } as const;

/** A sentence about what happened. */
export const Notice = ({
  tone = 'info',
  isSilent = false,
  children,
}: {
  readonly tone?: keyof typeof ICONS;
  /** Not read out by itself. */
  readonly isSilent?: boolean;
  readonly children: ReactNode;
}) => {
  const Icon = ICONS[tone];
  const role = tone === 'danger' ? 'alert' : 'status';
  return (
    <p className={styles.notice} data-tone={tone} {...(isSilent ? {} : { role })}>
      <Icon size={15} aria-hidden />
      <span>{children}</span>
    </p>
  );
};
