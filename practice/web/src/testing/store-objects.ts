import type { Archwire } from '@archwire/test-data/processes';

const BOUNDARY = 'archwire-test';

/** Sends Part 10 objects by STOW-RS, all in one request. @throws when the server did not take them all */
export const storeObjects = async (
  server: Pick<Archwire, 'fetch'>,
  objects: AsyncIterable<Buffer> | Iterable<Buffer>,
): Promise<void> => {
  const parts: Buffer[] = [];
  for await (const object of objects) {
    parts.push(
      Buffer.from(`--${BOUNDARY}\r\nContent-Type: application/dicom\r\n\r\n`),
      object,
      Buffer.from('\r\n'),
    );
  }
  const answer = await server.fetch('/dicomweb/studies', {
    method: 'POST',
    headers: { 'content-type': `multipart/related; type="application/dicom"; boundary=${BOUNDARY}` },
    body: Buffer.concat([...parts, Buffer.from(`--${BOUNDARY}--\r\n`)]),
  });
  if (answer.status !== 200) throw new Error(`STOW-RS answered ${answer.status}: ${await answer.text()}`);
};
