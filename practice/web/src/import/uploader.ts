import type { EndpointRequest } from '@archwire/contracts/api';
import { IMPORT_LIMITS, importsApi } from '@archwire/contracts/api/imports';
import type { DroppedFile } from '@archwire/ui';
import { ApiProblem } from '../api/api-problem.ts';
import { call } from '../api/call.ts';
import { queryClient } from '../api/query-client.ts';
import { session } from '../api/session.ts';
import { endpointKey } from '../api/use-endpoint.ts';
import { fileKey } from './file-key.ts';
import { fingerprint, rememberedImport } from './remembered-import.ts';
import { sendBytes } from './send-bytes.ts';
import { createSpeed } from './speed.ts';
import {
  IDLE,
  isUploading,
  type Pause,
  type SentFile,
  uploadState,
  type UploadState,
} from './upload-state.ts';

/** Browsers open six connections to a server; the pages need some. */
const LANES = 4;
const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 30_000;
const SHOW_MS = 100;
const POLL_MS = 1000;
/** Bodies of the API have 64 KB at most. */
const NAMES_BYTES = 48_000;

export interface ImportChoices {
  readonly locationId: string | null;
  readonly source: string | null;
  readonly issuer: string | null;
  /** For one patient; the files say what they show. */
  readonly record?: RecordTarget;
}

export interface FileToSend extends DroppedFile {
  readonly shows?: Shows;
}

interface Waiting extends FileToSend {
  readonly fileId: string;
  received: number;
}

type RecordTarget = NonNullable<EndpointRequest<typeof importsApi.create>['body']['record']>;
type Shows = NonNullable<EndpointRequest<typeof importsApi.declare>['body']['files'][number]['shows']>;

const change = (next: Partial<UploadState>): void => uploadState.set({ ...uploadState.get(), ...next });

const sleep = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      window.removeEventListener('online', end);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    window.addEventListener('online', end);
    signal.addEventListener('abort', end);
  });

const pauseOf = (error: unknown): Pause | null => {
  if (!(error instanceof ApiProblem)) return null;
  if (error.kind === 'offline') return 'offline';
  if (error.kind === 'storage-full') return 'storage-full';
  if (error.status === 401) return 'signed-out';
  return ['unavailable', 'internal', 'rate-limited', 'integrity'].includes(error.kind) ? 'unavailable' : null;
};

/** Only of files for one patient, which a page shows one by one. */
const noteFile = ({ path, shows }: FileToSend, next: Partial<SentFile>): void => {
  if (shows === undefined) return;
  const { perFile } = uploadState.get();
  const known = perFile[path] ?? { sent: 0, outcome: null, reason: null };
  change({ perFile: { ...perFile, [path]: { ...known, ...next } } });
};

const warnBeforeLeaving = (event: BeforeUnloadEvent): void => event.preventDefault();

/** Sends one import. Everything that may pass by itself is waited for, all lanes together; `signal` ends it. */
const createRun = (signal: AbortSignal) => {
  const sent = new Map<string, number>();
  let settledBytes = 0;
  let sentFiles = 0;
  let troubles: Promise<void> | undefined;
  let retryMs = FIRST_RETRY_MS;
  const speed = createSpeed();
  let shownAt = 0;

  const show = (force = false): void => {
    const now = performance.now();
    if (!force && now - shownAt < SHOW_MS) return;
    shownAt = now;
    const sentBytes = settledBytes + sent.values().reduce((sum, bytes) => sum + bytes, 0);
    change({ sentFiles, sentBytes, bytesPerSecond: speed.note(sentBytes) });
  };

  /** One lane runs into trouble, all wait for the same moment. */
  const wait = (pause: Pause): Promise<void> => {
    troubles ??= (async () => {
      change({ pause, retryAt: Date.now() + retryMs, bytesPerSecond: null });
      await sleep(retryMs, signal);
      retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
      if (pause === 'signed-out' || session.state().status === 'unknown')
        await session.renew().catch(() => {});
      troubles = undefined;
    })();
    return troubles;
  };

  const went = (): void => {
    retryMs = FIRST_RETRY_MS;
    if (uploadState.get().pause !== null) change({ pause: null, retryAt: null });
  };

  /** Tries until it works, or fails for good. */
  const patiently = async <T>(work: () => Promise<T>): Promise<T> => {
    for (;;) {
      signal.throwIfAborted();
      await troubles;
      signal.throwIfAborted();
      try {
        const result = await work();
        went();
        return result;
      } catch (error) {
        const pause = pauseOf(error);
        if (pause === null) throw error;
        await wait(pause);
      }
    }
  };

  const settle = (item: Waiting): void => {
    sent.delete(item.fileId);
    settledBytes += item.file.size;
    sentFiles += 1;
    show();
  };

  const sendFile = async (importId: string, item: Waiting): Promise<void> => {
    const { file, fileId } = item;
    const isWhole = file.size <= IMPORT_LIMITS.wholeBytes;
    for (;;) {
      const offset = isWhole ? 0 : item.received;
      const bytes = isWhole ? file : file.slice(offset, offset + IMPORT_LIMITS.pieceBytes);
      const onSent = (count: number): void => {
        sent.set(fileId, offset + count);
        noteFile(item, { sent: offset + count });
        show();
      };
      const send = async () => await sendBytes({ importId, fileId, offset, bytes, onSent, signal });
      const progress = await patiently(send).catch((error: unknown) => {
        const received = error instanceof ApiProblem ? error.details['received'] : undefined;
        // A piece that arrived although its answer did not.
        if (typeof received === 'number' && received !== offset)
          return { received, state: 'arriving' as const, outcome: null, reason: null };
        throw error;
      });
      item.received = progress.received;
      if (progress.state === 'done') noteFile(item, { outcome: progress.outcome, reason: progress.reason });
      if (progress.state === 'done' || progress.state === 'queued') return settle(item);
    }
  };

  /** A file that was changed, or a disc that was taken out, while it was read: named, and the others go on. */
  const isOfTheFile = (error: unknown): boolean =>
    (error instanceof ApiProblem && error.kind === 'invalid') ||
    (error instanceof DOMException && error.name !== 'AbortError');

  const isReadable = async (file: File): Promise<boolean> =>
    await file
      .slice(0, 1)
      .arrayBuffer()
      .then(
        () => true,
        () => false,
      );

  const sendAll = async (importId: string, queue: AsyncIterator<Waiting>): Promise<void> => {
    const lane = async (): Promise<void> => {
      for (let next = await queue.next(); next.done !== true; next = await queue.next()) {
        const item = next.value;
        try {
          if (!(await isReadable(item.file))) throw new DOMException('', 'NotReadableError');
          await sendFile(importId, item);
        } catch (error) {
          if (!isOfTheFile(error)) throw error;
          change({ unreadable: [...uploadState.get().unreadable, item.path] });
          settle(item);
        }
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    show(true);
  };

  /** Names the files batch by batch, ahead of the lanes, and leaves out what the server has. */
  async function* name(importId: string, files: readonly FileToSend[]): AsyncGenerator<Waiting> {
    for (let from = 0; from < files.length;) {
      const batch: { key: string; path: string; size: number; shows?: Shows }[] = [];
      const byKey = new Map<string, FileToSend>();
      let length = 0;
      for (; from < files.length && batch.length < IMPORT_LIMITS.declaredFiles; from += 1) {
        const item = files[from];
        if (item === undefined) break;
        const path = item.path.replace(/^\/+/, '').slice(-1000);
        const key = fileKey(item.path, item.file);
        length += new TextEncoder().encode(path).length * 2 + (item.shows === undefined ? 200 : 500);
        if (batch.length > 0 && length > NAMES_BYTES) break;
        if (byKey.has(key)) continue;
        byKey.set(key, item);
        const { shows } = item;
        batch.push({ key, path, size: item.file.size, ...(shows === undefined ? {} : { shows }) });
      }
      if (batch.length === 0) return;
      const { files: answers } = await patiently(
        async () =>
          await call(importsApi.declare, { params: { id: importId }, body: { files: batch } }, { signal }),
      );
      change({ phase: 'sending' });
      for (const { key, fileId, state, received, outcome, reason } of answers) {
        const item = byKey.get(key);
        if (item === undefined) continue;
        const waiting = { ...item, fileId, received };
        if (state === 'queued' || (state === 'done' && outcome !== 'missing')) {
          change({ alreadyFiles: uploadState.get().alreadyFiles + 1 });
          if (state === 'done') noteFile(item, { outcome, reason });
          settle(waiting);
        } else yield waiting;
      }
    }
  }

  const open = async (importId: string): Promise<void> => {
    change({ phase: 'opening', bytesPerSecond: null });
    let view = await patiently(async () => await call(importsApi.finish, { params: { id: importId } }));
    while (view.state === 'finishing') {
      await sleep(POLL_MS, signal);
      view = await patiently(
        async () => await call(importsApi.get, { params: { id: importId } }, { signal }),
      );
    }
  };

  /** What waited for the server to open it has ended by now. */
  const learn = async (importId: string, files: readonly FileToSend[]): Promise<void> => {
    const { files: ended } = await patiently(
      async () =>
        await call(importsApi.files, { params: { id: importId }, query: { show: 'all' } }, { signal }),
    );
    for (const { path, outcome, reason } of ended) {
      const item = files.find((each) => each.path === path);
      if (item !== undefined) noteFile(item, { outcome, reason });
    }
  };

  return { patiently, sendAll, name, open, learn };
};

let stop = new AbortController();

const refresh = (): void => {
  for (const endpoint of [importsApi.get, importsApi.list, importsApi.files, importsApi.studies])
    void queryClient.invalidateQueries({ queryKey: endpointKey(endpoint) });
};

const run = async (
  files: readonly FileToSend[],
  find: (patiently: <T>(work: () => Promise<T>) => Promise<T>) => Promise<string>,
): Promise<void> => {
  const isRecord = files.some(({ shows }) => shows !== undefined);
  stop = new AbortController();
  const { signal } = stop;
  const { patiently, sendAll, name, open, learn } = createRun(signal);
  window.addEventListener('beforeunload', warnBeforeLeaving);
  try {
    const importId = await find(patiently);
    change({ importId });
    // The same files chosen again may be for another patient: those are never taken for a continuation.
    if (!isRecord) rememberedImport.keep(fingerprint(files), importId);
    await sendAll(importId, name(importId, files));
    await open(importId);
    if (isRecord) await learn(importId, files);
    rememberedImport.forget(importId);
    change({ phase: 'done' });
  } catch (error) {
    if (!signal.aborted) change({ phase: 'failed', problem: error, pause: null });
  } finally {
    window.removeEventListener('beforeunload', warnBeforeLeaving);
    refresh();
  }
};

const begin = (files: readonly DroppedFile[]): void =>
  uploadState.set({
    ...IDLE,
    phase: 'naming',
    files: files.length,
    bytes: files.reduce((sum, { file }) => sum + file.size, 0),
  });

/** The one import that this tab sends at a time. It goes on when the person looks at other pages. */
export const uploader = {
  /** Begins an import, or goes on with the one that these very files belong to. Does nothing while one is sent. */
  start: async (files: readonly FileToSend[], choices: ImportChoices): Promise<void> => {
    if (files.length === 0 || isUploading(uploadState.get())) return;
    begin(files);
    const { bytes } = uploadState.get();
    await run(files, async (patiently) => {
      const known = choices.record === undefined ? rememberedImport.find(fingerprint(files)) : undefined;
      if (known !== undefined) {
        const view = await patiently(async () => await call(importsApi.get, { params: { id: known } })).catch(
          () => undefined,
        );
        if (view?.state === 'open') return view.id;
        rememberedImport.forget(known);
      }
      const made = await patiently(
        async () =>
          await call(importsApi.create, {
            body: { ...choices, expectedFiles: files.length, expectedBytes: bytes },
          }),
      );
      return made.id;
    });
  },
  /** Goes on with an import of the list; the files that it lacks come from what was chosen. */
  resume: async (importId: string, files: readonly DroppedFile[]): Promise<void> => {
    if (files.length === 0 || isUploading(uploadState.get())) return;
    begin(files);
    change({ importId });
    await run(files, async () => importId);
  },
  /** What was stored stays stored. */
  cancel: async (): Promise<void> => {
    const { importId } = uploadState.get();
    stop.abort();
    try {
      if (importId !== null) {
        rememberedImport.forget(importId);
        await call(importsApi.cancel, { params: { id: importId } });
      }
      change({ phase: 'cancelled', pause: null });
    } catch (error) {
      // Nothing is sent any more; the server keeps the import as unfinished.
      change({ phase: 'failed', problem: error, pause: null });
    }
    refresh();
  },
  /** Tries at once instead of waiting. */
  retryNow: (): void => void window.dispatchEvent(new Event('online')),
  /** Back to the beginning, once nothing is under way. */
  clear: (): void => {
    if (!isUploading(uploadState.get())) uploadState.set(IDLE);
  },
};
