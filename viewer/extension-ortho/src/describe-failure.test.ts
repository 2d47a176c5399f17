// The errors have the shapes that dicomweb-client, Cornerstone's loaders and XMLHttpRequest give.
import { describe, expect, it } from 'vitest';
import { textsFor } from './texts.ts';
import { describeFailure } from './describe-failure.ts';

const UNKNOWN = 'The image could not be loaded or decoded. A black area is NOT the image: reload.';

describe('describeFailure', () => {
  it.each([
    ['dicomweb-client', Object.assign(new Error('request failed'), { status: 404 }), 404],
    ['an XMLHttpRequest', { status: 403, response: '' }, 403],
    ['a wrapped error', { error: { status: 503 }, imageId: 'wadors:x' }, 503],
    ['the streaming loader', new Error("Couldn't retrieve /frames/1 got status 401"), 401],
  ])('finds the status in %s', (_name, error, status) => {
    expect(describeFailure(error, textsFor('en')).status).toBe(status);
  });

  it.each([
    ['a decoder', new Error('decode failed')],
    ['a broken connection', { status: 0 }],
    ['nothing at all', undefined],
  ])('says that the picture is not the image when %s fails', (_name, error) => {
    expect(describeFailure(error, textsFor('en'))).toEqual({ status: undefined, message: UNKNOWN });
  });

  it('never repeats what the server wrote', () => {
    const error = Object.assign(new Error('Doe^Jane was not found'), { status: 500, response: 'Doe^Jane' });
    expect(describeFailure(error, textsFor('en'))).toEqual({
      status: 500,
      message: 'The server answered 500. Reload; if it stays, tell your administrator.',
    });
  });
});
