import { useEffect } from 'react';
import { type CommandSource, commandSources } from './commands.ts';

/** Lets the palette search somewhere, as long as the component is there. Memoize `source`. */
export const useCommandSource = (source: CommandSource): void => {
  useEffect(() => {
    commandSources.set([...commandSources.get(), source]);
    return () => commandSources.set(commandSources.get().filter((other) => other !== source));
  }, [source]);
};
