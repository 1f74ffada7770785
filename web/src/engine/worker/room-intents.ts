import type { Action, ActionData, ActionOk, User } from '@parley/protocol';
import type { ServerConnection } from './server-connection.ts';
import type { IntentHandlers, IntentsEnvironment } from './intent-handlers.ts';

/** Intents of a room except writing: reading, history, changes of messages, and members. */
export function roomIntents(environment: IntentsEnvironment) {
  return { ...presenceIntents(environment), ...queryIntents(environment), ...changeIntents(environment) };
}

function presenceIntents({ reading, typing, presence, activity }: IntentsEnvironment) {
  return {
    read_room: ({ roomId, seq }) => {
      reading.read(roomId, seq);
      return null;
    },
    set_typing: async ({ roomId }) => {
      await typing.report(roomId);
      return null;
    },
    set_active: () => {
      activity.active();
      return null;
    },
    watch_presence: (watch, tabId) => {
      presence.watch(tabId, watch);
      return null;
    },
  } satisfies Partial<IntentHandlers>;
}

/** Sent to the server, and refused without a connection. Users in an answer become known. */
function queryIntents({ connection, knownUsers }: IntentsEnvironment) {
  const ask = async <A extends Action>(action: A, data: ActionData<A>): Promise<ActionOk<A>> => {
    const answer = await connection.request(action, data);
    knownUsers.add(usersIn(answer));
    return answer;
  };
  return {
    get_members: (data) => ask('get_members', data),
    get_readers: (data) => ask('get_readers', data),
    get_messages: (data) => ask('get_messages', data),
    find_messages: (data) => ask('find_messages', data),
    search_messages: (data) => ask('search_messages', data),
    get_invitations: (data) => ask('get_invitations', data),
    delete_invitation: (data) => ask('delete_invitation', data),
  } satisfies Partial<IntentHandlers>;
}

/**
 * Changes of what others see. They are not kept for later: an edit or a removal that happens days later would surprise.
 * Their effect arrives as an entry of the log.
 */
function changeIntents({ connection }: IntentsEnvironment) {
  return {
    update_message: (data) => done(connection, 'update_message', data),
    delete_sent_message: (data) => done(connection, 'delete_message', data),
    set_reaction: (data) => done(connection, 'set_reaction', data),
    rename_room: (data) => done(connection, 'rename_room', data),
    remove_member: (data) => done(connection, 'remove_member', data),
  } satisfies Partial<IntentHandlers>;
}

async function done<A extends Action>(connection: ServerConnection, action: A, data: ActionData<A>): Promise<null> {
  await connection.request(action, data);
  return null;
}

function usersIn(answer: object): readonly User[] {
  const { users, members } = answer as { users?: readonly User[]; members?: readonly User[] };
  return (users ?? members ?? []).map(({ userId, displayName }) => ({ userId, displayName }));
}
