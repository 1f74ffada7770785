import { mkdir, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderForTest, parleyForTest, type Parley } from './testing/parley.ts';

async function parleyWithWebApp(): Promise<Parley> {
  const folder = await folderForTest();
  const webDir = join(folder, 'web');
  await mkdir(join(webDir, 'assets'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'secret');
  await writeFile(join(webDir, 'index.html'), '<!doctype html><title>Parley</title>');
  await writeFile(join(webDir, 'assets', 'app-abc123.js'), 'export {};');
  return parleyForTest({ PARLEY_WEB_DIR: webDir });
}

/** Unlike fetch, does not normalise the path. */
async function rawGet(parley: Parley, path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(parley.url);
    request({ hostname, port, path }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body });
      });
    })
      .on('error', reject)
      .end();
  });
}

test('every page of the app is index.html, never cached', async () => {
  const parley = await parleyWithWebApp();
  for (const path of ['/', '/rooms/0190a8b0', '/join/token', '/login', '/signup']) {
    const response = await fetch(`${parley.url}${path}`);
    expect(await response.text()).toContain('<title>Parley</title>');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(response.headers.get('content-security-policy')).toMatch(/script-src 'self';/);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  }
});

test('files with a hash in their name are cached without end', async () => {
  const parley = await parleyWithWebApp();
  const response = await fetch(`${parley.url}/assets/app-abc123.js`);
  expect(response.headers.get('cache-control')).toContain('immutable');
  expect(response.headers.get('content-type')).toContain('javascript');
});

test.each([
  '/../secret.txt',
  '/assets/../../secret.txt',
  '/%2e%2e/secret.txt',
  '/..%2fsecret.txt',
  '/assets/..%5c..%5csecret.txt',
  '/rooms/../../secret.txt',
  '//secret.txt',
  '/%00',
])('%s leads nowhere', async (path) => {
  const parley = await parleyWithWebApp();
  expect((await rawGet(parley, path)).body).not.toContain('secret\n');
  expect((await rawGet(parley, path)).body).not.toBe('secret');
});

test('a path that is neither a page nor a file is not found', async () => {
  const parley = await parleyWithWebApp();
  expect((await fetch(`${parley.url}/assets/missing.js`)).status).toBe(404);
  expect((await fetch(`${parley.url}/wp-admin`)).status).toBe(404);
});

test('a path with a broken percent-encoding is answered with a problem document', async () => {
  const parley = await parleyWithWebApp();
  for (const path of ['/%zz', '/api/attachments/%e0%a4%a', '/rooms/%']) {
    const { status, body } = await rawGet(parley, path);
    expect([status, JSON.parse(body)]).toEqual([400, expect.objectContaining({ status: 400, code: 'invalid' })]);
  }
});

test('an unknown page is index.html with status 404, also when the browser has it cached', async () => {
  const parley = await parleyWithWebApp();
  const browse = (path: string) =>
    fetch(`${parley.url}${path}`, {
      headers: { accept: 'text/html,*/*', 'if-modified-since': new Date().toUTCString() },
    });
  const response = await browse('/nothing-here');
  expect(response.status).toBe(404);
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('content-security-policy')).toMatch(/script-src 'self';/);
  expect(await response.text()).toContain('<title>Parley</title>');
  for (const path of ['/api/nothing', '/assets/missing.js']) {
    const answer = await browse(path);
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain('<title>');
  }
});

test('a page explains how to build the web app when it is missing', async () => {
  const parley = await parleyForTest({ PARLEY_WEB_DIR: await folderForTest() });
  const response = await fetch(parley.url);
  expect(response.status).toBe(503);
  expect(await response.text()).toContain('npm run build');
});
