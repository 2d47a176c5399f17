import { parseMediaType } from '../http/media-type.ts';
import { parseMultipart } from '../stow/parse-multipart.ts';

export interface ReceivedPart {
  readonly type: string | undefined;
  readonly location: string | undefined;
  readonly length: string | undefined;
  readonly bytes: Buffer;
}

/** The parts of a multipart response. */
export const readMultipart = async (response: Response): Promise<readonly ReceivedPart[]> => {
  const boundary =
    parseMediaType(response.headers.get('Content-Type') ?? '')?.parameters.get('boundary') ?? '';
  const body = Buffer.from(await response.arrayBuffer());
  const parts: ReceivedPart[] = [];
  let headers: ReadonlyMap<string, string> = new Map();
  let chunks: Buffer[] = [];
  async function* whole(): AsyncGenerator<Buffer> {
    yield body;
  }
  for await (const event of parseMultipart(whole(), boundary)) {
    if (event.kind === 'part') {
      headers = event.headers;
      chunks = [];
    } else if (event.kind === 'data') {
      chunks.push(event.chunk);
    } else {
      parts.push({
        type: headers.get('content-type'),
        location: headers.get('content-location'),
        length: headers.get('content-length'),
        bytes: Buffer.concat(chunks),
      });
    }
  }
  return parts;
};
