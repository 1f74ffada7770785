import { afterEach, describe, expect, it, vi } from 'vitest';
import { errorText } from './error-text.ts';
import { HttpError, requestJson } from './http.ts';

function answer(status: number, body: unknown): void {
  vi.stubGlobal('fetch', async () => new Response(typeof body === 'string' ? body : JSON.stringify(body), { status }));
}

async function failure(): Promise<HttpError> {
  const error: unknown = await requestJson('/api/me').catch((caught: unknown) => caught);
  if (!(error instanceof HttpError)) throw new Error('it did not fail');
  return error;
}

describe('a request to the server', () => {
  afterEach(() => void vi.unstubAllGlobals());

  it('returns the body', async () => {
    answer(200, { user: 1 });
    expect(await requestJson('/api/me')).toEqual({ user: 1 });
  });

  it('fails with the code and detail of problem details', async () => {
    answer(429, {
      type: 'about:blank',
      title: 'x',
      status: 429,
      detail: 'Slow.',
      code: 'rate_limited',
      retryAfterMs: 30_000,
    });
    const error = await failure();
    expect(error).toMatchObject({ status: 429, code: 'rate_limited', message: 'Slow.' });
    expect(errorText(error)).toBe('Too many attempts. Try again in 30 seconds.');
  });

  it('fails with a readable message when a proxy answers with HTML', async () => {
    answer(502, '<html>Bad gateway</html>');
    expect(await failure()).toMatchObject({ code: 'internal', message: expect.stringContaining('Try again') });
  });

  it('fails as unavailable when there is no answer', async () => {
    vi.stubGlobal('fetch', async () => {
      throw new TypeError('Failed to fetch');
    });
    expect(await failure()).toMatchObject({ status: 0, code: 'unavailable' });
  });
});
