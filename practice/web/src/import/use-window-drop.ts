import type { DroppedFile } from '@archwire/ui';
import { useEffect, useEffectEvent, useState } from 'react';
import { droppedFiles } from './dropped-files.ts';

const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') === true;

/**
 * Takes files and folders that are dropped anywhere in the window. `isOver`: something hangs over it now. A browser would
 * otherwise open what is dropped beside a zone, and the app would be gone.
 */
export const useWindowDrop = (onDrop: (files: Promise<readonly DroppedFile[]>) => void): boolean => {
  const [isOver, setIsOver] = useState(false);
  const take = useEffectEvent((event: DragEvent) => {
    if (event.dataTransfer !== null) onDrop(droppedFiles(event.dataTransfer));
  });
  useEffect(() => {
    let left: ReturnType<typeof setTimeout> | undefined;
    const over = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      clearTimeout(left);
      setIsOver(true);
      // There is no event for a pointer that leaves the window; while it is there, this one comes all the time.
      left = setTimeout(() => setIsOver(false), 300);
    };
    const drop = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      clearTimeout(left);
      setIsOver(false);
      event.preventDefault();
      // A zone in the page takes what is dropped on it by itself.
      if (event.target instanceof Element && event.target.closest('[data-drop-target]') !== null) return;
      take(event);
    };
    window.addEventListener('dragover', over, true);
    window.addEventListener('drop', drop, true);
    return () => {
      clearTimeout(left);
      window.removeEventListener('dragover', over, true);
      window.removeEventListener('drop', drop, true);
    };
  }, []);
  return isOver;
};
