/** The name of the entry script carries the hash of the whole app; the server names the one it would hand out now. */
const entry = document.querySelector<HTMLScriptElement>('script[type=module][src]')?.src ?? '';
const own = /-([0-9a-f]{16})\.js$/.exec(entry)?.[1];

let stale = false;
const listeners = new Set<() => void>();

/** Every answer of the API names the server's build; a foreign one means that this page is older than its server. */
export const noteBuild = (build: string | null): void => {
  if (stale || build === null || own === undefined || build === own) return;
  stale = true;
  for (const listener of listeners) listener();
};

/** Whether a newer version of the app waits. */
export const build = {
  isStale: (): boolean => stale,
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};
