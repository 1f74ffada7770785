/** The rules of requests between services, as classes with decorators. */
export * from './parse-input.ts';
export { ROOM_REQUESTS } from './room-requests.ts';
export { MemberLeftInput, MESSAGE_REQUESTS, NewMessageInput, RoomRenamedInput } from './message-requests.ts';
