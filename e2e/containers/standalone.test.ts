import { describeWith } from '@parley/testing';
import { GenericContainer, Wait } from 'testcontainers';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Participant } from '../harness/participant.ts';
import { docker, imageOf, inspect } from './docker.ts';

/** As an operator would who trusts nobody. */
class LockedContainer extends GenericContainer {
  constructor(image: string) {
    super(image);
    this.hostConfig.ReadonlyRootfs = true;
    this.withDroppedCapabilities('ALL').withSecurityOpt('no-new-privileges:true');
  }
}

describeWith('containers', 'the image of the standalone', () => {
  test('is healthy, keeps its data in a volume, and ends with 0 when it is told to', async () => {
    const volume = await docker('volume', 'create');
    onTestFinished(async () => void (await docker('volume', 'rm', '--force', volume)));
    const image = new LockedContainer(imageOf('standalone'))
      .withExposedPorts(8080)
      .withBindMounts([{ source: volume, target: '/data' }])
      .withWaitStrategy(Wait.forHealthCheck());
    const first = await image.start();
    onTestFinished(async () => void (await docker('rm', '--force', first.getId())));
    const url = `http://127.0.0.1:${first.getMappedPort(8080)}`;
    const ada = await Participant.signUp(url, 'Ada');
    const roomId = await ada.createRoom();
    await ada.say(roomId, 'Kept');
    await docker('stop', first.getId());
    expect((await inspect(first.getId())).State).toMatchObject({ Running: false, ExitCode: 0 });
    expect(await ada.client.closed).toMatchObject({ code: 1012 });

    await docker('start', first.getId());
    const port = (await docker('port', first.getId(), '8080')).split('\n')[0]?.split(':').at(-1) ?? '';
    const urlAgain = `http://127.0.0.1:${port}`;
    await vi.waitFor(async () => expect((await fetch(`${urlAgain}/api/me`)).status).toBe(401), { timeout: 30_000 });
    const again = await Participant.connect(urlAgain, ada.session);
    const { messages } = await again.client.command('get_messages', { roomId, limit: 10 });
    expect(messages.map(({ text }) => text)).toEqual(['Kept']);
    await again.client.close();
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
