import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RoomServiceUnderTest } from './testing/room-service.ts';

const DAY = 86_400_000;

let service: RoomServiceUnderTest;
beforeEach(async () => {
  service = await RoomServiceUnderTest.start();
});
afterEach(() => service.close());

test('overdue changes are announced every ten seconds', async () => {
  const [ada, ben] = [await service.signUp(), await service.signUp()];
  const { room } = await service.createRoom(ada);
  service.messages.failing = 'before';
  const add = { userId: ada.userId, roomId: room.roomId, memberIds: [ben.userId] };
  await expect(service.api.addMembers(add)).rejects.toMatchObject({ code: 'unavailable' });
  service.messages.failing = 'no';
  service.clock.advance(10_000);
  await vi.waitFor(() => expect(service.messages.logOf(room.roomId)).toHaveLength(1));
});

test('expired sessions and invitations are removed every hour', async () => {
  const ada = await service.signUp();
  const { room } = await service.createRoom(ada);
  const { token } = await service.api.createInvitation({ userId: ada.userId, roomId: room.roomId });
  const session = await service.api.createSession({ email: ada.email, password: 'correct horse' });
  service.now += 31 * DAY;
  service.clock.advance(3_600_000);
  // With the clock set back they would be valid again if they still existed.
  service.now -= 31 * DAY;
  await vi.waitFor(async () => {
    await expect(service.api.joinRoom({ userId: ada.userId, token })).rejects.toMatchObject({ code: 'not_found' });
    await expect(service.api.getSession(session)).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});

test('a task does not start while its previous run is in progress', async () => {
  const announceOverdue = vi.spyOn(service.announcer, 'announceOverdue');
  const { promise, resolve } = Promise.withResolvers<void>();
  announceOverdue.mockReturnValueOnce(promise);
  service.clock.advance(10_000);
  service.clock.advance(10_000);
  expect(announceOverdue).toHaveBeenCalledOnce();
  resolve();
  await vi.waitFor(() => {
    service.clock.advance(10_000);
    expect(announceOverdue).toHaveBeenCalledTimes(2);
  });
});

test('a failed task is retried', async () => {
  const announceOverdue = vi.spyOn(service.announcer, 'announceOverdue').mockRejectedValueOnce(new Error('no'));
  await vi.waitFor(() => {
    service.clock.advance(10_000);
    expect(announceOverdue.mock.calls.length).toBeGreaterThan(1);
  });
});

test('the timers stop with the service', async () => {
  expect(service.clock.pending).toBe(3);
  await service.close();
  expect(service.clock.pending).toBe(0);
  service = await RoomServiceUnderTest.start();
});
