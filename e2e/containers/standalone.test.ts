import { randomBytes } from 'node:crypto';
import { describeWith } from '@parley/testing';
import { GenericContainer, Wait } from 'testcontainers';
import { expect, onTestFinished, test, vi } from 'vitest';
import { documented, runInShell } from '../harness/documented.ts';
import { TestUser } from '../harness/test-user.ts';
import { buildImage, docker, imageOf, inspect } from './docker.ts';

/** As an operator would who trusts nobody. */
class LockedContainer extends GenericContainer {
  constructor(image: string) {
    super(image);
    this.hostConfig.ReadonlyRootfs = true;
    this.withDroppedCapabilities('ALL').withSecurityOpt('no-new-privileges:true');
  }
}

describeWith('containers', 'the image of the standalone', () => {
  test('is healthy, keeps its data in a volume, and ends with 0 on SIGTERM', async () => {
    const volume = await docker('volume', 'create');
    onTestFinished(async () => void (await docker('volume', 'rm', '--force', volume)));
    const image = new LockedContainer(imageOf('standalone'))
      .withExposedPorts(8080)
      .withBindMounts([{ source: volume, target: '/data' }])
      .withWaitStrategy(Wait.forHealthCheck());
    const first = await image.start();
    onTestFinished(async () => void (await docker('rm', '--force', first.getId())));
    const url = `http://127.0.0.1:${first.getMappedPort(8080)}`;
    const ada = await TestUser.signUp(url, 'Ada');
    const roomId = await ada.createRoom();
    await ada.say(roomId, 'Kept');
    await docker('stop', first.getId());
    expect((await inspect(first.getId())).State).toMatchObject({ Running: false, ExitCode: 0 });
    expect(await ada.client.closed).toMatchObject({ code: 1012 });

    await docker('start', first.getId());
    const port = (await docker('port', first.getId(), '8080')).split('\n')[0]?.split(':').at(-1) ?? '';
    const urlAgain = `http://127.0.0.1:${port}`;
    await vi.waitFor(async () => expect((await fetch(`${urlAgain}/api/me`)).status).toBe(401), { timeout: 30_000 });
    const again = await TestUser.connect(urlAgain, ada.session);
    const { messages } = await again.client.command('get_messages', { roomId, limit: 10 });
    expect(messages.map(({ text }) => text)).toEqual(['Kept']);
    await again.client.close();
  });
});

describeWith('containers', 'the commands for containers', () => {
  test('run the image of the standalone, at an address, with its data in a volume', async () => {
    const name = `parley-${randomBytes(4).toString('hex')}`;
    onTestFinished(async () => {
      await docker('rm', '--force', name);
      await docker('volume', 'rm', '--force', name);
    });
    await runInShell(
      documented(
        'docker run -d --name parley --read-only --cap-drop ALL -p 8080:8080 -v parley-data:/data parley-standalone:0.2.0',
        { '--name parley': `--name ${name}`, '8080:8080': '127.0.0.1::8080', 'parley-data': name },
      ),
    );
    const address = (await docker('port', name, '8080')).split('\n')[0] ?? '';
    const page = async (): Promise<number> => (await fetch(`http://${address}/`)).status;
    await vi.waitFor(async () => expect(await page()).toBe(200), { timeout: 30_000 });
    expect(await docker('volume', 'ls', '--quiet', '--filter', `name=${name}`)).toBe(name);
  });

  test('build an image that finds the web assets of the previous release', { timeout: 300_000 }, async () => {
    const before = `parley-gateway:before-${randomBytes(4).toString('hex')}`;
    onTestFinished(async () => void (await docker('image', 'rm', '--force', before)));
    // As if its page had one more chunk.
    await buildImage(before, [
      `FROM ${imageOf('gateway')}`,
      'USER root',
      'RUN cd web && echo "export {}" > dist/assets/of-before.js && echo assets/of-before.js >> assets-of-this-release.txt',
    ]);
    await runInShell(
      documented('npm run images -- --previous parley-gateway:<version before>', {
        'parley-gateway:<version before>': before,
      }),
    );
    const chunks = await docker('run', '--rm', imageOf('gateway'), 'ls', 'web/dist/assets');
    expect(chunks.split('\n')).toContain('of-before.js');
  });
});

describeWith('containers', 'the images', () => {
  test.each(['gateway', 'room', 'message', 'standalone'] as const)(
    '%s adds at most 300 MB to its base, runs as nobody in particular, and holds no sources',
    async (name) => {
      const [size, base] = await Promise.all(
        [imageOf(name), 'node:24-bookworm-slim'].map((image) =>
          docker('image', 'inspect', '--format', '{{.Size}}', image),
        ),
      );
      expect(Number(size) - Number(base)).toBeLessThan(300e6);
      expect(await docker('image', 'inspect', '--format', '{{.Config.User}}', imageOf(name))).toBe('1000:1000');
      const ours = ['find', '/parley', '-not', '-path', '*/node_modules/*', '-name', '*.ts'];
      const found = await docker('run', '--rm', imageOf(name), ...ours);
      expect(found).toBe('');
    },
  );
});
