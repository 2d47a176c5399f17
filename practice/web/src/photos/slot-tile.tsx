import { classes, Status, useText } from '@archwire/ui';
import { Plus } from 'lucide-react';
import type { DragEvent, KeyboardEvent } from 'react';
import { AdjustedCanvas } from './adjusted-canvas.tsx';
import { messages } from './messages.ts';
import styles from './photos.module.css';
import type { RecordItem } from './record-item.ts';

const ITEM = 'application/x-archwire-item';

export interface FileState {
  /** 0 to 1. */
  readonly sent: number;
  readonly outcome: string | null;
  /** What became of it, when that is not good. */
  readonly problem: string | null;
}

/** One place of the set: empty, or with its picture. Takes files from outside and pictures from other places. */
export const SlotTile = ({
  name,
  item,
  isOptional = false,
  isSelected = false,
  state,
  onOpen,
  onFiles,
  onItem,
  onRemove,
}: {
  readonly name: string;
  readonly item: RecordItem | undefined;
  readonly isOptional?: boolean;
  readonly isSelected?: boolean;
  readonly state: FileState | undefined;
  /** Chooses a file for an empty place, selects the picture of a full one. */
  readonly onOpen: () => void;
  readonly onFiles: (files: readonly File[]) => void;
  readonly onItem: (id: string) => void;
  readonly onRemove: () => void;
}) => {
  const text = useText(messages);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    event.stopPropagation();
    const id = event.dataTransfer.getData(ITEM);
    if (id === '') onFiles([...event.dataTransfer.files]);
    else onItem(id);
  };
  const press = (event: KeyboardEvent): void => {
    if (item === undefined || (event.key !== 'Delete' && event.key !== 'Backspace')) return;
    event.preventDefault();
    onRemove();
  };
  const isDone = state !== undefined && state.outcome !== null && state.problem === null;
  return (
    <button
      type="button"
      className={classes(styles.slot)}
      data-full={item !== undefined || undefined}
      data-selected={isSelected || undefined}
      data-bad={state?.problem != null || undefined}
      data-drop-target
      aria-pressed={item === undefined ? undefined : isSelected}
      aria-label={
        item === undefined
          ? text('emptySlot', { slot: name })
          : text('fullSlot', { slot: name, file: item.file.name })
      }
      draggable={item !== undefined && state === undefined}
      onDragStart={(event) => {
        if (item !== undefined) event.dataTransfer.setData(ITEM, item.id);
      }}
      onDragOver={(event) => event.preventDefault()}
      onDrop={drop}
      onKeyDown={press}
      onClick={onOpen}
    >
      <span className={styles.picture}>
        {item === undefined ? (
          <span className={styles.empty}>
            <Plus size={20} aria-hidden />
            {isOptional && <span>{text('optional')}</span>}
          </span>
        ) : (
          <AdjustedCanvas item={item} />
        )}
        {state !== undefined && state.outcome === null && (
          <span className={styles.bar} style={{ transform: `scaleX(${state.sent})` }} />
        )}
      </span>
      <span className={styles.caption}>
        <span className={styles.name}>{name}</span>
        {isDone && (
          <Status tone="ok" quiet>
            {text(state.outcome === 'duplicate' ? 'already' : 'added')}
          </Status>
        )}
        {state?.problem != null && (
          <Status tone="danger" quiet>
            {state.problem}
          </Status>
        )}
      </span>
    </button>
  );
};
