import { type ReactNode, useEffect, useRef } from 'react';
import { StagePicture, type StagePictureProps } from './stage-picture.tsx';
import styles from './stage.module.css';
import { useZoomPan, type ZoomPanOptions } from './use-zoom-pan.ts';
import { ZoomControls } from './zoom-controls.tsx';

export interface ImageStageProps extends StagePictureProps, Pick<ZoomPanOptions, 'wheel' | 'onStep'> {
  /** What is looked at, for screen readers. */
  readonly label: string;
  /** Takes the focus when it appears, so that its keys work at once. */
  readonly takesFocus?: boolean;
  /** Over the picture, in its corners. */
  readonly children?: ReactNode;
}

/**
 * One picture to look into: zoom and pan by wheel, pinch, drag, double click, the keys `+ - 0` and arrows, and buttons.
 * Give it a `key` per picture, so that each begins at fit.
 */
export const ImageStage = ({
  label,
  wheel = 'always',
  onStep,
  takesFocus = false,
  children,
  ...picture
}: ImageStageProps) => {
  const stage = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (takesFocus) stage.current?.focus({ preventScroll: true });
  }, [takesFocus, stage]);
  const zoom = useZoomPan({ wheel, ...(onStep === undefined ? {} : { onStep }) });
  return (
    // No widget of ARIA is a picture to look into: a group that takes the keys, and buttons for the same.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      ref={stage}
      className={styles.stage}
      role="group"
      aria-label={label}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      onKeyDown={zoom.onKeyDown}
    >
      <div {...zoom.pane} className={styles.pane} data-zoomed={zoom.view.scale > 1 || undefined}>
        <StagePicture {...picture} view={zoom.view} />
        {children}
      </div>
      <ZoomControls zoom={zoom} />
    </div>
  );
};
