import { Injectable } from '@nestjs/common';
import type { RoomApi, Session } from '@parley/contracts';
import { AccountService } from './accounts/account.service.ts';
import { ContactService } from './contacts/contact.service.ts';
import { InvitationService } from './invitations/invitation.service.ts';
import { MembershipService } from './memberships/membership.service.ts';
import { ReadPositionService } from './reading/read-position.service.ts';
import * as parse from './requests.ts';
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
    const { replaces, ...account } = parse.createAccount(request);
    return this.#sessions.start(await this.#accounts.create(account), replaces);
  }

  async createSession(request: ApiRequest<'createSession'>): ApiAnswer<'createSession'> {
    const { replaces, ...credentials } = parse.credentials(request);
    return this.#sessions.start(await this.#accounts.authenticate(credentials), replaces);
  }

  async getSession(request: ApiRequest<'getSession'>): ApiAnswer<'getSession'> {
    const [session] = await this.#useSessions([parse.token(request)]);
    if (!session) throw sessionEnded();
    return session;
  }

  async getSessions(request: ApiRequest<'getSessions'>): ApiAnswer<'getSessions'> {
    return { sessions: await this.#useSessions(parse.tokens(request)) };
  }

  async deleteSession(request: ApiRequest<'deleteSession'>): ApiAnswer<'deleteSession'> {
    await this.#sessions.end(parse.token(request));
  }

  async findEndedSessions(request: ApiRequest<'findEndedSessions'>): ApiAnswer<'findEndedSessions'> {
    return { sessionIds: await this.#sessions.findEnded(parse.findEndedSessions(request)) };
  }

  async findUsers(request: ApiRequest<'findUsers'>): ApiAnswer<'findUsers'> {
    const { userId, query } = parse.findUsers(request);
    return { users: await this.#accounts.search(userId, query) };
  }

  async createRoom(request: ApiRequest<'createRoom'>): ApiAnswer<'createRoom'> {
    const { userId, ...room } = parse.createRoom(request);
    return { room: await this.#rooms.create(userId, room) };
  }

  async addMembers(request: ApiRequest<'addMembers'>): ApiAnswer<'addMembers'> {
    const { userId, roomId, memberIds } = parse.addMembers(request);
    await this.#memberships.add(roomId, userId, memberIds);
    return { room: await this.#rooms.get(roomId) };
  }

  async leaveRoom(request: ApiRequest<'leaveRoom'>): ApiAnswer<'leaveRoom'> {
    const { userId, roomId } = parse.userAndRoom(request);
    await this.#memberships.leave(roomId, userId);
  }

  async renameRoom(request: ApiRequest<'renameRoom'>): ApiAnswer<'renameRoom'> {
    const { userId, roomId, name } = parse.renameRoom(request);
    return { room: await this.#rooms.rename(roomId, userId, name) };
  }

  async removeMember(request: ApiRequest<'removeMember'>): ApiAnswer<'removeMember'> {
    const { userId, roomId, memberId } = parse.removeMember(request);
    await this.#memberships.remove(roomId, userId, memberId);
    return { room: await this.#rooms.get(roomId) };
  }

  async createInvitation(request: ApiRequest<'createInvitation'>): ApiAnswer<'createInvitation'> {
    const { userId, roomId } = parse.userAndRoom(request);
    return this.#invitations.create(roomId, userId);
  }

  async getInvitations(request: ApiRequest<'getInvitations'>): ApiAnswer<'getInvitations'> {
    const { userId, roomId } = parse.userAndRoom(request);
    return { invitations: await this.#invitations.list(roomId, userId) };
  }

  async deleteInvitation(request: ApiRequest<'deleteInvitation'>): ApiAnswer<'deleteInvitation'> {
    const { userId, roomId, invitationId } = parse.deleteInvitation(request);
    await this.#invitations.revoke(roomId, userId, invitationId);
  }

  async joinRoom(request: ApiRequest<'joinRoom'>): ApiAnswer<'joinRoom'> {
    const { userId, token } = parse.joinRoom(request);
    return { room: await this.#rooms.get(await this.#invitations.accept(token, userId)) };
  }

  async getMembers(request: ApiRequest<'getMembers'>): ApiAnswer<'getMembers'> {
    const { userId, roomId, ...page } = parse.getMembers(request);
    return this.#memberships.getMembers(roomId, userId, page);
  }

  async readRooms(request: ApiRequest<'readRooms'>): ApiAnswer<'readRooms'> {
    return { results: await this.#readPositions.read(parse.readRooms(request)) };
  }

  async getReaders(request: ApiRequest<'getReaders'>): ApiAnswer<'getReaders'> {
    return this.#readPositions.findReaders(parse.getReaders(request));
  }

  async findContacts(request: ApiRequest<'findContacts'>): ApiAnswer<'findContacts'> {
    return { contacts: await this.#contacts.find(parse.user(request), parse.users(request)) };
  }

  async getAudiences(request: ApiRequest<'getAudiences'>): ApiAnswer<'getAudiences'> {
    return { audiences: await this.#contacts.findAudiences(parse.users(request)) };
  }

  async noteSeen(request: ApiRequest<'noteSeen'>): ApiAnswer<'noteSeen'> {
    await this.#contacts.noteSeen(parse.noteSeen(request));
  }

  async getMemberships(request: ApiRequest<'getMemberships'>): ApiAnswer<'getMemberships'> {
    const epoch = await this.#rooms.epoch();
    const [memberships] = await this.#memberships.findByUsers([parse.user(request)]);
    return { roomsVersion: 0, memberships: [], ...memberships, ...(epoch !== undefined && { epoch }) };
  }

  async getMembershipsOfUsers(request: ApiRequest<'getMembershipsOfUsers'>): ApiAnswer<'getMembershipsOfUsers'> {
    const epoch = await this.#rooms.epoch();
    const results = await this.#memberships.findByUsers(parse.users(request));
    return { results: results.map((memberships) => ({ ...memberships, ...(epoch !== undefined && { epoch }) })) };
  }

  async getRoomsVersions(request: ApiRequest<'getRoomsVersions'>): ApiAnswer<'getRoomsVersions'> {
    return { versions: await this.#accounts.findRoomsVersions(parse.users(request)) };
  }

  async getRooms(request: ApiRequest<'getRooms'>): ApiAnswer<'getRooms'> {
    return { rooms: await this.#rooms.find(parse.rooms(request)) };
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
