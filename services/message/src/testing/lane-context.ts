import type { RoomId, User, UserId } from '@parley/protocol';
import { ChangePlanner } from '../changes/change-planner.ts';
import type { LaneContext } from '../log/lane.ts';
import type { Entry } from '../log/entry.ts';
import { soon, START, type ScriptedRepository } from './scripted-repository.ts';

/** A lane's dependencies, with what a test observes. `nonMembers` are users who are no members of the room. */
export interface TestContext extends LaneContext {
  readonly repository: ScriptedRepository;
  readonly published: Entry[][];
  readonly sleeps: number[];
  readonly nonMembers: Set<UserId>;
  time: number;
}

const NO_REACTIONS = { find: () => Promise.resolve([]), readReactors: () => Promise.resolve([]) };

export function laneContext(repository: ScriptedRepository, users: readonly User[]): TestContext {
  const context: TestContext = {
    repository,
    published: [],
    sleeps: [],
    nonMembers: new Set(),
    time: START,
    members: {
      async findMembers(_roomId: RoomId, userIds: readonly UserId[]) {
        await soon();
        return new Set(userIds.filter((userId) => !context.nonMembers.has(userId)));
      },
      findUsers() {
        return Promise.resolve(new Map(users.map((user) => [user.userId, user])));
      },
    },
    planner: new ChangePlanner({ repository, reactions: NO_REACTIONS }),
    publisher: {
      publish(_roomId, entries) {
        if (entries.length > 0) context.published.push([...entries]);
        return Promise.resolve();
      },
    },
    clock: {
      now: () => context.time,
      sleep(milliseconds) {
        context.sleeps.push(milliseconds);
        repository.settle();
        return Promise.resolve();
      },
    },
    random: () => 0.5,
    logger: { warn: () => undefined },
  };
  return context;
}
