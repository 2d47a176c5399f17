// Real: HTTP, PostgreSQL, the journal on disk. The application around the router is a test's.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sampleObject, sampleUid, storeBody } from '../testing/sample-object.ts';
import { type RunningDicomweb, startDicomweb } from '../testing/start-dicomweb.ts';

let server: RunningDicomweb;
beforeAll(async () => {
  server = await startDicomweb();
});
afterAll(async () => await server.stop());

const post = async (
  body: Buffer | ReadableStream<Uint8Array>,
  contentType: string,
  path = '/studies',
): Promise<{ status: number; json: Record<string, { vr: string; Value?: unknown[] }> }> => {
  const response = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': contentType },
    body,
    ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
  });
  return { status: response.status, json: JSON.parse(await response.text()) };
};

const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const fetched = async (study: string, series: string, instance: string): Promise<string> => {
  const response = await fetch(`${server.url}/studies/${study}/series/${series}/instances/${instance}`, {
    headers: { Accept: 'application/dicom' },
  });
  return response.status === 200
    ? sha(new Uint8Array(await response.arrayBuffer()))
    : String(response.status);
};

const CT = '1.2.840.10008.5.1.4.1.1.2';
const ref = (uid: string, more: Record<string, unknown> = {}) => ({
  '00081150': { vr: 'UI', Value: [CT] },
  '00081155': { vr: 'UI', Value: [uid] },
  ...more,
});
const url = (study: string, series: string, uid: string) => ({
  vr: 'UR',
  Value: [`${server.url}/studies/${study}/series/${series}/instances/${uid}`],
});
const failure = (reason: number) => ({ '00081197': { vr: 'US', Value: [reason] } });

describe('STOW-RS', () => {
  test('stores a study and says where each instance is; a second time is a success too; the bytes come back', async () => {
    const objects = [1, 2, 3].map((instance) => sampleObject({ instance }));
    const { body, contentType } = storeBody(objects);
    const expected = {
      status: 200,
      json: {
        '00081190': { vr: 'UR', Value: [`${server.url}/studies/1.2.3.1`] },
        '00081199': {
          vr: 'SQ',
          Value: [1, 2, 3].map((instance) =>
            ref(sampleUid({ instance }), {
              '00081190': url('1.2.3.1', '1.2.3.1.1', sampleUid({ instance })),
            }),
          ),
        },
      },
    };
    expect(await post(body, contentType)).toEqual(expected);
    expect(await post(body, contentType)).toEqual(expected);
    for (const [at, object] of objects.entries()) {
      expect(await fetched('1.2.3.1', '1.2.3.1.1', sampleUid({ instance: at + 1 }))).toBe(sha(object));
    }
  });

  test('other bytes under a known UID are kept beside the first and come with a warning', async () => {
    const first = sampleObject({ series: '1.2.3.1.2' });
    const second = sampleObject({ series: '1.2.3.1.2', seed: 5 });
    const { body, contentType } = storeBody([first, second]);
    const uid = sampleUid({ series: '1.2.3.1.2' });
    const answer = await post(body, contentType);
    expect(answer.status).toBe(202);
    expect(answer.json['00081199']).toEqual({
      vr: 'SQ',
      Value: [
        ref(uid, { '00081190': url('1.2.3.1', '1.2.3.1.2', uid) }),
        ref(uid, {
          '00081190': url('1.2.3.1', '1.2.3.1.2', uid),
          '00081196': { vr: 'US', Value: [0x0111] },
        }),
      ],
    });
    expect(await fetched('1.2.3.1', '1.2.3.1.2', uid)).toBe(sha(first));
    const conflicts = await server.database.owner(
      'select sop_uid, encode(sha256, $1) as sha from instance_conflict',
      ['hex'],
    );
    expect(conflicts).toEqual([{ sop_uid: uid, sha: sha(second) }]);
  });

  test('one file as the body, without multipart', async () => {
    const object = sampleObject({ series: '1.2.3.1.3' });
    const answer = await post(object, 'application/dicom; transfer-syntax=1.2.840.10008.1.2.1');
    expect(answer.status).toBe(200);
    expect(await fetched('1.2.3.1', '1.2.3.1.3', sampleUid({ series: '1.2.3.1.3' }))).toBe(sha(object));
  });

  test('an instance of another study than the path is refused by name, the others are stored', async () => {
    const ours = sampleObject({ study: '1.2.4', series: '1.2.4.1' });
    const foreign = sampleObject({ study: '1.2.5', series: '1.2.5.1' });
    const { body, contentType } = storeBody([foreign, ours, Buffer.from('neither')]);
    const answer = await post(body, contentType, '/studies/1.2.4');
    expect(answer).toEqual({
      status: 202,
      json: {
        '00081190': { vr: 'UR', Value: [`${server.url}/studies/1.2.4`] },
        '00081198': { vr: 'SQ', Value: [{ ...ref('1.2.5.1.1'), ...failure(0xa900) }] },
        '00081199': {
          vr: 'SQ',
          Value: [ref('1.2.4.1.1', { '00081190': url('1.2.4', '1.2.4.1', '1.2.4.1.1') })],
        },
        '0008119A': { vr: 'SQ', Value: [failure(0xc000)] },
      },
    });
    expect(await fetched('1.2.5', '1.2.5.1', '1.2.5.1.1')).toBe('404');
  });

  test('parts of another type and parts that are not DICOM are failures of their own; none stored is 409', async () => {
    const boundary = 'x';
    const body = Buffer.from(
      `--${boundary}\r\nContent-Type: image/jpeg\r\n\r\nJFIF\r\n--${boundary}\r\nContent-Type: application/dicom\r\n\r\nnot dicom\r\n--${boundary}--`,
    );
    expect(await post(body, `multipart/related; type=application/dicom; boundary="${boundary}"`)).toEqual({
      status: 409,
      json: { '0008119A': { vr: 'SQ', Value: [failure(0xc000), failure(0xc000)] } },
    });
  });

  test('forms that are not taken answer 415 with what is', async () => {
    const forms = [
      'multipart/related; type="application/dicom+json"; boundary=x',
      'multipart/related; type="application/dicom+xml"; boundary=x',
      'application/dicom+json',
      'multipart/form-data; boundary=x',
      '',
    ];
    for (const form of forms) {
      const answer = await post(Buffer.from('[]'), form);
      expect([form, answer.status]).toEqual([form, 415]);
    }
  });

  test('no boundary, a boundary that does not occur, no parts, UIDs that are not: 400', async () => {
    const { body } = storeBody([sampleObject()]);
    const answers = [
      await post(body, 'multipart/related; type="application/dicom"'),
      await post(body, 'multipart/related; type="application/dicom"; boundary=other'),
      await post(Buffer.from('--x--'), 'multipart/related; type="application/dicom"; boundary=x'),
      await post(body, 'application/dicom', '/studies/not-a-uid'),
      await post(body, 'application/dicom', "/studies/1.2'--"),
    ];
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400]);
  });

  test('a body whose framing ends early keeps what was whole and says that something is missing', async () => {
    const series = '1.2.3.1.4';
    const objects = [1, 2].map((instance) => sampleObject({ series, instance }));
    const { body, contentType } = storeBody(objects);
    const answer = await post(body.subarray(0, body.length - 100), contentType);
    expect(answer.status).toBe(202);
    expect(answer.json['00081199']?.Value).toHaveLength(1);
    expect(answer.json['0008119A']).toEqual({ vr: 'SQ', Value: [failure(0xc000)] });
    const [first] = objects;
    expect(await fetched('1.2.3.1', series, `${series}.1`)).toBe(sha(first ?? Buffer.alloc(0)));
    expect(await fetched('1.2.3.1', series, `${series}.2`)).toBe('404');
  });

  test('a connection that breaks half-way keeps what was whole and leaves no open sink', async () => {
    const series = '1.2.3.1.5';
    const { body, contentType } = storeBody([1, 2].map((instance) => sampleObject({ series, instance })));
    const socket = connect(server.port, '127.0.0.1');
    socket.write(
      `POST /dicomweb/studies HTTP/1.1\r\nHost: x\r\nContent-Type: ${contentType}\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    socket.write(body.subarray(0, body.length - 100));
    await expect
      .poll(async () => await fetched('1.2.3.1', series, `${series}.1`), { timeout: 10_000 })
      .not.toBe('404');
    socket.destroy();
    expect(await fetched('1.2.3.1', series, `${series}.2`)).toBe('404');
    expect((await post(body, contentType)).status).toBe(200);
  });

  test('a thousand instances in one chunked body', async () => {
    const series = '1.2.3.1.7';
    const boundary = 'chunked';
    let at = 0;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        at += 1;
        const head = `--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`;
        if (at > 1000) {
          controller.enqueue(Buffer.from(`--${boundary}--`));
          controller.close();
        } else {
          controller.enqueue(
            Buffer.concat([
              Buffer.from(head),
              sampleObject({ series, instance: at, size: 8 }),
              Buffer.from('\r\n'),
            ]),
          );
        }
      },
    });
    const answer = await post(body, `multipart/related; type="application/dicom"; boundary=${boundary}`);
    expect(answer.status).toBe(200);
    expect(answer.json['00081199']?.Value).toHaveLength(1000);
    const [count] = await server.database.owner('select instance_count from series where series_uid = $1', [
      series,
    ]);
    expect(count).toEqual({ instance_count: 1000 });
  });

  test('an object larger than any buffer, in its own study path', async () => {
    const object = sampleObject({
      study: '1.2.6',
      series: '1.2.6.1',
      size: 1024,
      more: { NumberOfFrames: 1 },
    });
    const { body, contentType } = storeBody([object, object]);
    expect((await post(body, contentType, '/studies/1.2.6')).status).toBe(200);
    await server.flush();
    const audited = await server.database.owner(
      'select action, outcome from audit_log where study_uid = $1',
      ['1.2.6'],
    );
    expect(audited).toEqual([{ action: 'imaging.study.stored', outcome: 'success' }]);
    expect(await fetched('1.2.6', '1.2.6.1', '1.2.6.1.1')).toBe(sha(object));
  });

  test('a key of a location stores there, with the issuer of that location', async () => {
    const { tenantId, locationId: defaultLocation } = server.tenant;
    const [north] = await server.database.owner<{ id: string }>(
      `insert into location (tenant_id, name, issuer) values ($1, 'North', 'NORTH') returning id`,
      [tenantId],
    );
    const stow = async (study: string, locationId?: string): Promise<number> => {
      server.as(server.tenant, undefined, locationId);
      const object = sampleObject({ study, series: `${study}.1`, patientId: 'AT-NORTH' });
      const { status } = await post(object, 'application/dicom');
      server.as(server.tenant);
      return status;
    };
    const gone = '00000000-0000-4000-8000-00000000dead';
    expect([await stow('1.2.7', north?.id), await stow('1.2.8'), await stow('1.2.9', gone)]).toEqual([
      200, 200, 409,
    ]);
    const studies = await server.database.owner(
      `select s.study_uid, s.location_id, i.issuer from study s
         join patient_identifier i on i.tenant_id = s.tenant_id and i.patient_id = s.patient_id
        where s.study_uid in ('1.2.7', '1.2.8', '1.2.9') order by 1`,
    );
    expect(studies).toEqual([
      { study_uid: '1.2.7', location_id: north?.id, issuer: 'NORTH' },
      { study_uid: '1.2.8', location_id: defaultLocation, issuer: server.tenant.issuer },
    ]);
  });

  test('storing needs the permission to store', async () => {
    server.as(server.tenant, ['imaging.study.read']);
    const answer = await post(sampleObject(), 'application/dicom');
    server.as(server.tenant);
    expect(answer.status).toBe(403);
  });

  const samples = process.env['ARCHWIRE_SAMPLES'];
  const files = [
    'dicom_transfer_syntax/pydicom-data__liver_deflate.dcm',
    'dicom_transfer_syntax/pydicom__MR_small_expb.dcm',
    'dicom_objects/pydicom__rtplan.dcm',
  ]
    .filter(() => samples !== undefined)
    .map((file) => readFileSync(join(samples ?? '', file)));

  test.each(files.length > 0 ? files.map((bytes) => [bytes]) : [[sampleObject({ series: '1.2.3.1.8' })]])(
    'a file as some device wrote it is stored (%#)',
    async (bytes) => {
      const answer = await post(bytes, 'application/dicom');
      expect(answer.status).toBe(200);
    },
  );
});
