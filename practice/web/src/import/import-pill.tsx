import { classes, useFormat, useText } from '@archwire/ui';
import { Import } from 'lucide-react';
import { Link, useLocation } from 'react-router';
import styles from './import-pill.module.css';
import { pillMessages } from './pill-messages.ts';
import { isUploading, uploadState } from './upload-state.ts';

/** How far the import is, on every page but its own. */
export const ImportPill = () => {
  const text = useText(pillMessages);
  const format = useFormat();
  const state = uploadState.use();
  const { pathname } = useLocation();
  if (!isUploading(state) || pathname === '/import') return null;
  const share = state.bytes === 0 ? 0 : Math.min(1, state.sentBytes / state.bytes);
  const words =
    state.pause !== null
      ? text('paused')
      : state.phase === 'opening'
        ? text('opening')
        : text('percent', { percent: format.percent(share) });
  return (
    <Link to="/import" className={classes(styles.pill)} data-paused={state.pause !== null || undefined}>
      <Import size={15} aria-hidden />
      {words}
      <span className={styles.track} aria-hidden>
        <span className={styles.fill} style={{ width: `${share * 100}%` }} />
      </span>
    </Link>
  );
};
