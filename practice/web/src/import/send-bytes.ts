import type { EndpointResponse } from '@archwire/contracts/api';
import { endpointAddress } from '@archwire/contracts/api/api-client';
import { importsApi, Progress } from '@archwire/contracts/api/imports';
import { ApiProblem } from '../api/api-problem.ts';
import { session } from '../api/session.ts';

export type FileProgress = EndpointResponse<typeof importsApi.send>;

export interface BytesToSend {
  readonly importId: string;
  readonly fileId: string;
  readonly offset: number;
  readonly bytes: Blob;
  /** Of this call, as the network takes them. */
  readonly onSent: (bytes: number) => void;
  readonly signal: AbortSignal;
}

/** A server that says nothing for so long while it has all bytes is taken for gone. */
const SILENCE_MS = 120_000;

const sendOnce = ({ importId, fileId, offset, bytes, onSent, signal }: BytesToSend): Promise<Response> =>
  new Promise((resolve, reject) => {
    // `fetch` cannot tell how far an upload is.
    const request = new XMLHttpRequest();
    const abort = (): void => request.abort();
    const gone = (cause?: unknown): void => {
      signal.removeEventListener('abort', abort);
      reject(signal.aborted ? new DOMException('', 'AbortError') : new ApiProblem('offline', '', { cause }));
    };
    request.open(
      'PUT',
      endpointAddress(importsApi.send, { params: { id: importId, fileId }, query: { offset } }),
    );
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.setRequestHeader('authorization', `Bearer ${session.token()}`);
    let silence = setTimeout(abort, SILENCE_MS);
    request.upload.addEventListener('progress', ({ loaded }) => {
      clearTimeout(silence);
      silence = setTimeout(abort, SILENCE_MS);
      onSent(Math.min(loaded, bytes.size));
    });
    request.addEventListener('loadend', () => clearTimeout(silence));
    request.addEventListener('error', gone);
    request.addEventListener('abort', gone);
    request.addEventListener('load', () => {
      signal.removeEventListener('abort', abort);
      const { status, responseText } = request;
      const empty = status === 204 || status === 304;
      if (status < 200) gone();
      else resolve(new Response(empty ? null : responseText, { status }));
    });
    signal.addEventListener('abort', abort);
    request.send(bytes);
  });

/** Sends bytes of a file, and tells on the way how many are through. @throws ApiProblem */
export const sendBytes = async (send: BytesToSend): Promise<FileProgress> => {
  let answer = await sendOnce(send);
  if (answer.status === 401 && session.state().status === 'signed-in') {
    await session.renew();
    answer = await sendOnce(send);
  }
  if (!answer.ok) throw await ApiProblem.fromResponse(answer);
  return Progress.parse(await answer.json());
};
