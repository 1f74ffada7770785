import { Injectable } from '@nestjs/common';
import type { RoomApi, Session } from '@parley/contracts';
import { parseInput, ROOM_REQUESTS } from '@parley/contracts/validation';
import { AccountService } from './accounts/account.service.ts';
import { ContactService } from './contacts/contact.service.ts';
import { InvitationService } from './invitations/invitation.service.ts';
import { MembershipService } from './memberships/membership.service.ts';
import { ReadPositionService } from './reading/read-position.service.ts';
import { RoomService } from './rooms/room.service.ts';
import { sessionEnded, SessionService } from './sessions/session.service.ts';

type ApiRequest<Method extends keyof RoomApi> = Parameters<RoomApi[Method]>[0];
type ApiAnswer<Method extends keyof RoomApi> = ReturnType<RoomApi[Method]>;

/** The room service's RPC API: each method validates its request and calls the feature's service. */
@Injectable()
export class RoomApiService implements RoomApi {
  readonly #accounts: AccountService;
  readonly #sessions: SessionService;
  readonly #rooms: RoomService;
  readonly #memberships: MembershipService;
  readonly #invitations: InvitationService;
  readonly #readPositions: ReadPositionService;
  readonly #contacts: ContactService;

  constructor(
    accounts: AccountService,
    sessions: SessionService,
    rooms: RoomService,
    memberships: MembershipService,
    invitations: InvitationService,
    readPositions: ReadPositionService,
    contacts: ContactService,
  ) {
    this.#accounts = accounts;
    this.#sessions = sessions;
    this.#rooms = rooms;
    this.#memberships = memberships;
    this.#invitations = invitations;
    this.#readPositions = readPositions;
    this.#contacts = contacts;
  }

  async createAccount(request: ApiRequest<'createAccount'>): ApiAnswer<'createAccount'> {
    const { replaces, ...account } = parseInput(ROOM_REQUESTS.createAccount, request);
    return this.#sessions.start(await this.#accounts.create(account), replaces);
  }

  async createSession(request: ApiRequest<'createSession'>): ApiAnswer<'createSession'> {
    const { replaces, ...credentials } = parseInput(ROOM_REQUESTS.createSession, request);
    return this.#sessions.start(await this.#accounts.authenticate(credentials), replaces);
  }

  async getSession(request: ApiRequest<'getSession'>): ApiAnswer<'getSession'> {
    const [session] = await this.#useSessions([parseInput(ROOM_REQUESTS.getSession, request).token]);
    if (!session) throw sessionEnded();
    return session;
  }

  async getSessions(request: ApiRequest<'getSessions'>): ApiAnswer<'getSessions'> {
    return { sessions: await this.#useSessions(parseInput(ROOM_REQUESTS.getSessions, request).tokens) };
  }

  async deleteSession(request: ApiRequest<'deleteSession'>): ApiAnswer<'deleteSession'> {
    await this.#sessions.end(parseInput(ROOM_REQUESTS.deleteSession, request).token);
  }

  async findEndedSessions(request: ApiRequest<'findEndedSessions'>): ApiAnswer<'findEndedSessions'> {
    return {
      sessionIds: await this.#sessions.findEnded(
        unique(parseInput(ROOM_REQUESTS.findEndedSessions, request).sessionIds),
      ),
    };
  }

  async findUsers(request: ApiRequest<'findUsers'>): ApiAnswer<'findUsers'> {
    const { userId, query } = parseInput(ROOM_REQUESTS.findUsers, request);
    return { users: await this.#accounts.search(userId, query) };
  }

  async createRoom(request: ApiRequest<'createRoom'>): ApiAnswer<'createRoom'> {
    const { userId, ...room } = parseInput(ROOM_REQUESTS.createRoom, request);
    return { room: await this.#rooms.create(userId, room) };
  }

  async addMembers(request: ApiRequest<'addMembers'>): ApiAnswer<'addMembers'> {
    const { userId, roomId, memberIds } = parseInput(ROOM_REQUESTS.addMembers, request);
    await this.#memberships.add(roomId, userId, unique(memberIds));
    return { room: await this.#rooms.get(roomId) };
  }

  async leaveRoom(request: ApiRequest<'leaveRoom'>): ApiAnswer<'leaveRoom'> {
    const { userId, roomId } = parseInput(ROOM_REQUESTS.leaveRoom, request);
    await this.#memberships.leave(roomId, userId);
  }

  async renameRoom(request: ApiRequest<'renameRoom'>): ApiAnswer<'renameRoom'> {
    const { userId, roomId, name } = parseInput(ROOM_REQUESTS.renameRoom, request);
    return { room: await this.#rooms.rename(roomId, userId, name) };
  }

  async removeMember(request: ApiRequest<'removeMember'>): ApiAnswer<'removeMember'> {
    const { userId, roomId, memberId } = parseInput(ROOM_REQUESTS.removeMember, request);
    await this.#memberships.remove(roomId, userId, memberId);
    return { room: await this.#rooms.get(roomId) };
  }

  async createInvitation(request: ApiRequest<'createInvitation'>): ApiAnswer<'createInvitation'> {
    const { userId, roomId } = parseInput(ROOM_REQUESTS.createInvitation, request);
    return this.#invitations.create(roomId, userId);
  }

  async getInvitations(request: ApiRequest<'getInvitations'>): ApiAnswer<'getInvitations'> {
    const { userId, roomId } = parseInput(ROOM_REQUESTS.getInvitations, request);
    return { invitations: await this.#invitations.list(roomId, userId) };
  }

  async deleteInvitation(request: ApiRequest<'deleteInvitation'>): ApiAnswer<'deleteInvitation'> {
    const { userId, roomId, invitationId } = parseInput(ROOM_REQUESTS.deleteInvitation, request);
    await this.#invitations.revoke(roomId, userId, invitationId);
  }

  async joinRoom(request: ApiRequest<'joinRoom'>): ApiAnswer<'joinRoom'> {
    const { userId, token } = parseInput(ROOM_REQUESTS.joinRoom, request);
    return { room: await this.#rooms.get(await this.#invitations.accept(token, userId)) };
  }

  async getMembers(request: ApiRequest<'getMembers'>): ApiAnswer<'getMembers'> {
    const { userId, roomId, ...page } = parseInput(ROOM_REQUESTS.getMembers, request);
    return this.#memberships.getMembers(roomId, userId, page);
  }

  async readRooms(request: ApiRequest<'readRooms'>): ApiAnswer<'readRooms'> {
    return { results: await this.#readPositions.read(parseInput(ROOM_REQUESTS.readRooms, request).readings) };
  }

  async getReaders(request: ApiRequest<'getReaders'>): ApiAnswer<'getReaders'> {
    return this.#readPositions.findReaders(parseInput(ROOM_REQUESTS.getReaders, request));
  }

  async findContacts(request: ApiRequest<'findContacts'>): ApiAnswer<'findContacts'> {
    const { userId, userIds } = parseInput(ROOM_REQUESTS.findContacts, request);
    return { contacts: await this.#contacts.find(userId, unique(userIds)) };
  }

  async getAudiences(request: ApiRequest<'getAudiences'>): ApiAnswer<'getAudiences'> {
    return {
      audiences: await this.#contacts.findAudiences(unique(parseInput(ROOM_REQUESTS.getAudiences, request).userIds)),
    };
  }

  async noteSeen(request: ApiRequest<'noteSeen'>): ApiAnswer<'noteSeen'> {
    await this.#contacts.noteSeen(parseInput(ROOM_REQUESTS.noteSeen, request).people);
  }

  async getMemberships(request: ApiRequest<'getMemberships'>): ApiAnswer<'getMemberships'> {
    const epoch = await this.#rooms.epoch();
    const [memberships] = await this.#memberships.findByUsers([
      parseInput(ROOM_REQUESTS.getMemberships, request).userId,
    ]);
    return { roomsVersion: 0, memberships: [], ...memberships, ...(epoch !== undefined && { epoch }) };
  }

  async getMembershipsOfUsers(request: ApiRequest<'getMembershipsOfUsers'>): ApiAnswer<'getMembershipsOfUsers'> {
    const epoch = await this.#rooms.epoch();
    const results = await this.#memberships.findByUsers(
      unique(parseInput(ROOM_REQUESTS.getMembershipsOfUsers, request).userIds),
    );
    return { results: results.map((memberships) => ({ ...memberships, ...(epoch !== undefined && { epoch }) })) };
  }

  async getRoomsVersions(request: ApiRequest<'getRoomsVersions'>): ApiAnswer<'getRoomsVersions'> {
    return {
      versions: await this.#accounts.findRoomsVersions(
        unique(parseInput(ROOM_REQUESTS.getRoomsVersions, request).userIds),
      ),
    };
  }

  async getRooms(request: ApiRequest<'getRooms'>): ApiAnswer<'getRooms'> {
    return { rooms: await this.#rooms.find(unique(parseInput(ROOM_REQUESTS.getRooms, request).roomIds)) };
  }

  async #useSessions(tokens: readonly string[]): Promise<(Session | null)[]> {
    const sessions = await this.#sessions.use(tokens);
    const users = await this.#accounts.findOwn(sessions.flatMap((session) => session?.userId ?? []));
    const byId = new Map(users.map((user) => [user.userId, user]));
    return sessions.map((session) => {
      const user = session && byId.get(session.userId);
      return user ? { sessionId: session.sessionId, user, expiresAt: session.expiresAt } : null;
    });
  }
}

const unique = <Item>(items: readonly Item[]): Item[] => [...new Set(items)];
