import { FolderUp, Upload } from 'lucide-react';
import type { ReactNode } from 'react';
import { type DirectoryDropItem, DropZone, type DropItem, FileTrigger, Text } from 'react-aria-components';
import { Button } from '../button/button.tsx';
import { classes } from '../classes.ts';
import { useText } from '../i18n/use-text.ts';
import { messages } from '../messages.ts';
import styles from './file-drop.module.css';

/** A file, and where it lay in the folder that was dropped (`DICOM/IMG0001`). */
export interface DroppedFile {
  readonly file: File;
  readonly path: string;
}

async function* filesOf(item: DropItem | DirectoryDropItem, folder: string): AsyncGenerator<DroppedFile> {
  if (item.kind === 'file') yield { file: await item.getFile(), path: folder + item.name };
  if (item.kind === 'directory') {
    for await (const entry of item.getEntries()) yield* filesOf(entry, `${folder}${item.name}/`);
  }
}

/** Takes files and folders that are dropped, pasted or chosen; they come in as they are found. */
export const FileDrop = ({
  label,
  hint,
  accept,
  onFiles,
  isDisabled = false,
}: {
  readonly label: string;
  readonly hint?: ReactNode;
  /** Media types or extensions (`.dcm`); everything when not given. */
  readonly accept?: readonly string[];
  readonly onFiles: (files: readonly DroppedFile[]) => void;
  readonly isDisabled?: boolean;
}) => {
  const text = useText(messages);
  const choose = (list: FileList | null): void => {
    const files = [...(list ?? [])].map((file) => ({ file, path: file.webkitRelativePath || file.name }));
    if (files.length > 0) onFiles(files);
  };
  const drop = async (items: readonly DropItem[]) => {
    const files: DroppedFile[] = [];
    for (const item of items) for await (const file of filesOf(item, '')) files.push(file);
    if (files.length > 0) onFiles(files);
  };
  const types = accept === undefined ? {} : { acceptedFileTypes: accept };
  return (
    <DropZone
      className={classes(styles.zone)}
      isDisabled={isDisabled}
      getDropOperation={() => 'copy'}
      onDrop={({ items }) => void drop(items)}
    >
      <Upload size={24} aria-hidden />
      <Text slot="label" className={classes(styles.label)}>
        {label}
      </Text>
      {hint !== undefined && <p className={styles.hint}>{hint}</p>}
      <div className={styles.actions}>
        <FileTrigger allowsMultiple onSelect={choose} {...types}>
          <Button isDisabled={isDisabled}>{text('chooseFiles')}</Button>
        </FileTrigger>
        <FileTrigger acceptDirectory onSelect={choose}>
          <Button tone="ghost" isDisabled={isDisabled}>
            <FolderUp size={15} aria-hidden />
            {text('chooseFolder')}
          </Button>
        </FileTrigger>
      </div>
    </DropZone>
  );
};
