import { connectionActions } from './connections.ts';
import { invitationActions } from './invitations.ts';
import { messageActions } from './messages.ts';
import { readingActions } from './reading.ts';
import { roomActions } from './rooms.ts';

/** All actions of the wire, by name. Types, validation, the documentation and the pinned schema follow from it. */
export const ACTIONS = {
  ...connectionActions,
  ...roomActions,
  ...invitationActions,
  ...messageActions,
  ...readingActions,
};
