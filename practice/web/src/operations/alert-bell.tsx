import { classes, Popover, Skeleton, useText } from '@archwire/ui';
import { Bell } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { Button } from 'react-aria-components';
import { useMay } from '../api/use-me.ts';
import styles from './alert-bell.module.css';
import { bellMessages } from './bell-messages.ts';
import { useUnknownAlerts } from './use-open-alerts.ts';

const AlertPanel = lazy(async () => ({ default: (await import('./alert-panel.tsx')).AlertPanel }));

/** Rings on every page when something is the matter; for whoever may look after the archive. */
export const AlertBell = () => {
  const text = useText(bellMessages);
  const may = useMay('operations.health.read');
  const unknown = useUnknownAlerts();
  if (!may) return null;
  const label = text('bell', { count: unknown.length });
  const worst = unknown.some(({ severity }) => severity === 'critical') ? 'critical' : 'warning';
  return (
    <Popover
      label={label}
      trigger={
        <Button className={classes(styles.bell)} aria-label={label}>
          <Bell size={16} aria-hidden />
          {unknown.length > 0 && <i data-severity={worst} aria-hidden />}
        </Button>
      }
    >
      {(close) => (
        <div className={styles.panel}>
          <Suspense fallback={<Skeleton lines={3} />}>
            <AlertPanel onGo={close} />
          </Suspense>
        </div>
      )}
    </Popover>
  );
};
