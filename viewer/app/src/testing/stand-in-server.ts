import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import path from 'node:path';
import { ENCODINGS } from './gradient.ts';

const dist = path.resolve(import.meta.dirname, '../../../dist');
const csp: { page: string; worker: string; workers: string[] } = JSON.parse(
  readFileSync(path.join(dist, 'csp.json'), 'utf8'),
);
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

/** The study of one encoding; its series and instance are below it. */
export const studyUid = (index: number): string => `1.2.826.0.1.3680043.10.1581.9.${index + 1}`;

export interface StandIn {
  url: string;
  /** Every request for DICOMweb, in order. */
  requests: { path: string; authorization: string | undefined }[];
  /** What the server answers from now on; 200 unless a test says otherwise. */
  answers: { refresh: number; frames: number; dicomweb: number };
  stop(): Promise<void>;
}

const value = (vr: string, ...Value: unknown[]) => ({ vr, Value });

function dataSet(index: number): Record<string, unknown> {
  const study = studyUid(index);
  const encoding = ENCODINGS[index];
  return {
    '00080005': value('CS', 'ISO_IR 192'),
    '00080016': value('UI', '1.2.840.10008.5.1.4.1.1.1.1'),
    '00080018': value('UI', `${study}.1.1`),
    '00080020': value('DA', '20260102'),
    '00080030': value('TM', '101500'),
    '00080050': value('SH', `ACC${index}`),
    '00080060': value('CS', 'DX'),
    '00080061': value('CS', 'DX'),
    '00081030': value('LO', encoding?.name),
    '0008103E': value('LO', encoding?.name),
    '00083002': value('UI', encoding?.transferSyntax),
    '00100010': value('PN', { Alphabetic: `Gradient^Number${index}` }),
    '00100020': value('LO', `G${index}`),
    '00181164': value('DS', 0.1, 0.1),
    '0020000D': value('UI', study),
    '0020000E': value('UI', `${study}.1`),
    '00200011': value('IS', 1),
    '00200013': value('IS', 1),
    '00201206': value('IS', 1),
    '00201208': value('IS', 1),
    '00201209': value('IS', 1),
    '00280002': value('US', 1),
    '00280004': value('CS', 'MONOCHROME2'),
    '00280010': value('US', 64),
    '00280011': value('US', 64),
    '00280100': value('US', 8),
    '00280101': value('US', 8),
    '00280102': value('US', 7),
    '00280103': value('US', 0),
    '00281050': value('DS', 128),
    '00281051': value('DS', 256),
  };
}

function sendFrame(response: ServerResponse, index: number): void {
  const encoding = ENCODINGS[index];
  if (encoding === undefined) return void response.writeHead(404).end();
  const type = `${encoding.mediaType}; transfer-syntax=${encoding.transferSyntax}`;
  const body = Buffer.concat([
    Buffer.from(`--edge\r\nContent-Type: ${type}\r\n\r\n`),
    encoding.bytes,
    Buffer.from('\r\n--edge--\r\n'),
  ]);
  response
    .writeHead(200, {
      'content-type': `multipart/related; type="${encoding.mediaType}"; boundary=edge`,
      'content-length': body.length,
    })
    .end(body);
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/dicom+json' }).end(JSON.stringify(body));
}

function sendFile(response: ServerResponse, pathname: string): void {
  const name = pathname.slice('/viewer/'.length);
  const file = path.join(dist, /\.\w+$/.test(name) ? name : 'index.html');
  if (!existsSync(file)) return void response.writeHead(404).end();
  response
    .writeHead(200, {
      'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream',
      'content-security-policy': csp.workers.includes(pathname) ? csp.worker : csp.page,
    })
    .end(readFileSync(file));
}

/** Serves viewer/dist under its own policy, and as little DICOMweb as OHIF needs to list and open generated studies. */
export async function startStandIn(): Promise<StandIn> {
  const requests: StandIn['requests'] = [];
  const answers = { refresh: 200, frames: 200, dicomweb: 200 };

  function dicomweb(request: IncomingMessage, response: ServerResponse, url: URL): void {
    requests.push({ path: url.pathname, authorization: request.headers.authorization });
    if (answers.dicomweb !== 200) return sendJson(response, answers.dicomweb, {});
    const [, , , study, level, , last] = url.pathname.split('/');
    const wanted = study ?? url.searchParams.get('StudyInstanceUID') ?? undefined;
    const patient = url.searchParams.get('00100020');
    const all = ENCODINGS.map((_encoding, index) => index).filter(
      (index) =>
        (wanted === undefined || studyUid(index) === wanted) && (patient === null || patient === `G${index}`),
    );
    if (url.pathname.includes('/frames/')) {
      if (answers.frames !== 200) return sendJson(response, answers.frames, {});
      return sendFrame(response, all[0] ?? -1);
    }
    if (url.pathname.endsWith('/thumbnail')) return void response.writeHead(404).end();
    const known = level === undefined || level === 'series';
    const listed = last === undefined || last === 'metadata' || last === 'instances';
    return known && listed ? sendJson(response, 200, all.map(dataSet)) : sendJson(response, 404, {});
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname === '/api/v1/auth/refresh') {
      sendJson(response, answers.refresh, { accessToken: 'stand-in', expiresIn: 900 });
    } else if (url.pathname.startsWith('/api/v1/studies/by-uid/')) {
      sendJson(response, request.headers.authorization === 'Bearer stand-in' ? 200 : 401, {
        studyId: 'study-1',
        patientId: 'patient-1',
        patientName: 'Gradient^<b>Number</b>',
        description: 'Progress 2',
        studyDate: '2026-01-02',
        dayOffset: 412,
      });
    } else if (url.pathname.startsWith('/dicomweb')) {
      dicomweb(request, response, url);
    } else if (url.pathname.startsWith('/viewer/')) {
      sendFile(response, url.pathname);
    } else {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Sign in</h1>');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The stand-in has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    answers,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
