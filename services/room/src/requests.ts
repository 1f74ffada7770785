import type { Reading, RoomApi, SessionId } from '@parley/contracts';
import { LIMITS, type InvitationId, type RoomId, type UserId } from '@parley/protocol';
import {
  fieldsOf,
  parseId,
  parseIds,
  parseLimit,
  parseList,
  parseOptionalText,
  parseWhole,
  parseText,
} from './parsing.ts';

type RequestOf<Method extends keyof RoomApi> = Parameters<RoomApi[Method]>[0];

/** Of people, rooms and sessions asked for at once. */
const LIST_AT_MOST = 1_000;

const parseUserId = (value: unknown): UserId => parseId<UserId>(value, 'userId');
const parseRoomId = (value: unknown): RoomId => parseId<RoomId>(value, 'roomId');
const parseMemberIds = (value: unknown): UserId[] => parseIds<UserId>(value, 'memberIds', LIMITS.membersPerCreateRoom);

/** null: none. */
const parseName = (value: unknown): string | null => (value === null ? null : parseText(value, 'name'));

export function credentials(request: unknown): RequestOf<'createSession'> {
  const { email, password, replaces } = fieldsOf(request);
  const replaced = parseOptionalText(replaces, 'replaces');
  return {
    email: parseText(email, 'email'),
    password: parseText(password, 'password'),
    ...(replaced === undefined ? {} : { replaces: replaced }),
  };
}

export const createAccount = (request: unknown): RequestOf<'createAccount'> => ({
  ...credentials(request),
  displayName: parseText(fieldsOf(request).displayName, 'displayName'),
});

export const token = (request: unknown): string => parseText(fieldsOf(request).token, 'token');

export const tokens = (request: unknown): string[] =>
  parseList(fieldsOf(request).tokens, 'tokens', LIST_AT_MOST, (one) => parseText(one, 'tokens'));

export const findEndedSessions = (request: unknown): SessionId[] =>
  parseIds<SessionId>(fieldsOf(request).sessionIds, 'sessionIds', LIST_AT_MOST);

export function findUsers(request: unknown): RequestOf<'findUsers'> {
  const { userId, query } = fieldsOf(request);
  return { userId: parseUserId(userId), query: parseText(query, 'query', LIMITS.emailLength) };
}

export function createRoom(request: unknown): RequestOf<'createRoom'> {
  const { userId, roomId, name, memberIds } = fieldsOf(request);
  return {
    userId: parseUserId(userId),
    roomId: parseRoomId(roomId),
    name: parseName(name),
    memberIds: parseMemberIds(memberIds),
  };
}

export const renameRoom = (request: unknown): RequestOf<'renameRoom'> => ({
  ...userAndRoom(request),
  name: parseName(fieldsOf(request).name),
});

export const removeMember = (request: unknown): RequestOf<'removeMember'> => ({
  ...userAndRoom(request),
  memberId: parseId<UserId>(fieldsOf(request).memberId, 'memberId'),
});

export const deleteInvitation = (request: unknown): RequestOf<'deleteInvitation'> => ({
  ...userAndRoom(request),
  invitationId: parseId<InvitationId>(fieldsOf(request).invitationId, 'invitationId'),
});

export const addMembers = (request: unknown): RequestOf<'addMembers'> => ({
  ...userAndRoom(request),
  memberIds: parseMemberIds(fieldsOf(request).memberIds),
});

export function userAndRoom(request: unknown): { userId: UserId; roomId: RoomId } {
  const { userId, roomId } = fieldsOf(request);
  return { userId: parseUserId(userId), roomId: parseRoomId(roomId) };
}

export const joinRoom = (request: unknown): RequestOf<'joinRoom'> => ({ userId: user(request), token: token(request) });

export function getMembers(request: unknown): RequestOf<'getMembers'> {
  const { after, limit } = fieldsOf(request);
  const cursor = parseOptionalText(after, 'after');
  return {
    ...userAndRoom(request),
    ...(cursor === undefined ? {} : { after: cursor }),
    limit: parseLimit(limit, 'limit', LIMITS.membersPerPage),
  };
}

export const readRooms = (request: unknown): Reading[] =>
  parseList(fieldsOf(request).readings, 'readings', LIST_AT_MOST, (reading) => {
    const { seq, byWriting } = fieldsOf(reading);
    return { ...userAndRoom(reading), seq: parseWhole(seq, 'seq'), ...(byWriting === true ? { byWriting } : {}) };
  });

export function getReaders(request: unknown): RequestOf<'getReaders'> {
  const { seq, exceptId } = fieldsOf(request);
  return {
    ...userAndRoom(request),
    seq: parseWhole(seq, 'seq'),
    ...(exceptId === undefined ? {} : { exceptId: parseId<UserId>(exceptId, 'exceptId') }),
  };
}

export const user = (request: unknown): UserId => parseUserId(fieldsOf(request).userId);

export const users = (request: unknown): UserId[] =>
  parseIds<UserId>(fieldsOf(request).userIds, 'userIds', LIST_AT_MOST);

export const noteSeen = (request: unknown): { userId: UserId; at: number }[] =>
  parseList(fieldsOf(request).people, 'people', LIST_AT_MOST, (person) => {
    const { userId, at } = fieldsOf(person);
    return { userId: parseUserId(userId), at: parseWhole(at, 'at') };
  });

export const rooms = (request: unknown): RoomId[] =>
  parseIds<RoomId>(fieldsOf(request).roomIds, 'roomIds', LIST_AT_MOST);
