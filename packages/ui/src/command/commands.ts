import type { LucideIcon } from 'lucide-react';
import { createStore } from '../create-store.ts';

/** Something the palette can do. */
export interface Command {
  readonly id: string;
  readonly label: string;
  /** Behind the label: the day of a study, the birth date of a patient. */
  readonly detail?: string;
  readonly icon?: LucideIcon;
  /** Further words it is found by. */
  readonly keywords?: string;
  /** A shortcut that does the same. */
  readonly keys?: string;
  readonly run: () => void;
}

/** Commands that have to be asked for, from the server for instance. Called with two letters or more. */
export interface CommandSource {
  readonly id: string;
  readonly title: string;
  readonly search: (query: string, signal: AbortSignal) => Promise<readonly Command[]>;
}

/** What the palette knows at the moment. Components add to it by `useCommands` and `useCommandSource`. */
export const commandGroups = createStore<ReadonlyMap<string, readonly Command[]>>(new Map());
export const commandSources = createStore<readonly CommandSource[]>([]);
