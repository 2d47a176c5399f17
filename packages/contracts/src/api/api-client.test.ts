// Nothing but this code is involved: `send` is a recorder.
import { expect, it } from 'vitest';
import { z } from 'zod';
import { createApiClient } from './api-client.ts';
import { fullEndpoint, statusOf } from './endpoint.ts';
import { apis } from './index.ts';

const find = fullEndpoint({
  method: 'get',
  path: '/things/:id/parts',
  summary: 'Parts of a thing.',
  params: z.strictObject({ id: z.string() }),
  query: z.strictObject({ kind: z.array(z.string()).optional(), limit: z.int().optional() }),
  response: z.object({ parts: z.array(z.string()) }),
});
const drop = fullEndpoint({ method: 'post', path: '/things/drop', summary: 'Drop everything.' });

const recorder = (answer: unknown) => {
  const sent: unknown[] = [];
  const client = createApiClient(async (address, { method, body }) => {
    sent.push([method, address, body]);
    return answer === undefined ? new Response(null, { status: 204 }) : Response.json(answer);
  });
  return { sent, client };
};

it('fills parameters in, escapes them, and leaves out what is undefined', async () => {
  const { sent, client } = recorder({ parts: ['a'], sinceAnUpgrade: true });
  const answer = await client.call(find, {
    params: { id: 'a/../b?c' },
    query: { kind: ['x', 'y&z'], limit: undefined },
  });
  expect(answer).toEqual({ parts: ['a'] });
  expect(sent).toEqual([['GET', '/api/v1/things/a%2F..%2Fb%3Fc/parts?kind=x&kind=y%26z', undefined]]);
});

it('sends an empty object where a POST has no body, and answers nothing where there is nothing', async () => {
  const { sent, client } = recorder(undefined);
  expect(await client.call(drop, {})).toBeUndefined();
  expect(sent).toEqual([['POST', '/api/v1/things/drop', '{}']]);
  expect([statusOf(drop), statusOf(find)]).toEqual([204, 200]);
});

it('does not believe an answer that is not as described', async () => {
  await expect(recorder({ parts: [1] }).client.call(find, { params: { id: '1' } })).rejects.toThrow(
    z.ZodError,
  );
});

it('knows no two endpoints by one method and address', () => {
  const doors = Object.values(apis).flatMap((slice) =>
    Object.values(slice).map(({ method, path }) => `${method} ${path.replaceAll(/:\w+/g, ':')}`),
  );
  expect(doors).toEqual([...new Set(doors)]);
});
