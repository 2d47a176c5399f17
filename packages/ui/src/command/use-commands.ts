import { useEffect } from 'react';
import { type Command, commandGroups } from './commands.ts';

/** Puts commands under a title into the palette, as long as the component is there. Memoize `commands`. */
export const useCommands = (title: string, commands: readonly Command[]): void => {
  useEffect(() => {
    commandGroups.set(new Map(commandGroups.get()).set(title, commands));
    return () => {
      const left = new Map(commandGroups.get());
      left.delete(title);
      commandGroups.set(left);
    };
  }, [title, commands]);
};
