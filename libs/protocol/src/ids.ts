declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** Made by the client that creates the room: `[A-Za-z0-9-]{16,64}`, a UUIDv7 by convention. */
export type RoomId = Branded<'RoomId'>;
/** Made by the client that writes the message: `[A-Za-z0-9-]{16,64}`, a UUIDv7 by convention. */
export type MessageId = Branded<'MessageId'>;
export type UserId = Branded<'UserId'>;
export type ConnectionId = Branded<'ConnectionId'>;
export type AttachmentId = Branded<'AttachmentId'>;
export type InvitationId = Branded<'InvitationId'>;

/** The form of a roomId and of a messageId. */
export const ID_PATTERN = /^[A-Za-z0-9-]{16,64}$/;
