import { readFile } from 'node:fs/promises';

const BOUNDARY = 'archwire-demonstration';

/** STOW-RS of files in one request. @throws Error unless every one was stored. */
export const upload = async (url: string, authorization: string, files: readonly string[]): Promise<void> => {
  const parts: Buffer[] = [];
  for (const file of files) {
    parts.push(
      Buffer.from(`--${BOUNDARY}\r\nContent-Type: application/dicom\r\n\r\n`),
      await readFile(file),
      Buffer.from('\r\n'),
    );
  }
  const answer = await fetch(`${url}/dicomweb/studies`, {
    method: 'POST',
    headers: {
      Authorization: authorization,
      Accept: 'application/dicom+json',
      'Content-Type': `multipart/related; type="application/dicom"; boundary=${BOUNDARY}`,
    },
    body: Buffer.concat([...parts, Buffer.from(`--${BOUNDARY}--\r\n`)]),
  });
  const said = await answer.text();
  if (answer.status !== 200)
    throw new Error(`The upload was answered with ${answer.status}: ${said.slice(0, 300)}`);
};
