import { Maximize, ZoomIn, ZoomOut } from 'lucide-react';
import { IconButton } from '../button/icon-button.tsx';
import { useFormat } from '../i18n/use-format.ts';
import { useText } from '../i18n/use-text.ts';
import { messages } from './messages.ts';
import styles from './stage.module.css';
import type { ZoomPan } from './use-zoom-pan.ts';
import { MAX_SCALE } from './zoom-view.ts';

/** Zoom as buttons, for those without a wheel or a second finger. */
export const ZoomControls = ({ zoom: { view, zoomIn, zoomOut, fit } }: { readonly zoom: ZoomPan }) => {
  const text = useText(messages);
  const format = useFormat();
  return (
    <div className={styles.controls}>
      <IconButton icon={ZoomOut} label={text('zoomOut')} onPress={zoomOut} isDisabled={view.scale <= 1} />
      <span className={styles.percent} aria-live="polite">
        {view.scale === 1
          ? text('fits')
          : text('zoomed', { factor: format.number(Math.round(view.scale * 10) / 10) })}
      </span>
      <IconButton
        icon={ZoomIn}
        label={text('zoomIn')}
        onPress={zoomIn}
        isDisabled={view.scale >= MAX_SCALE}
      />
      <IconButton icon={Maximize} label={text('fit')} onPress={fit} isDisabled={view.scale <= 1} />
    </div>
  );
};
