import type { Invitation, RoomId } from '@parley/protocol';
import { ref, shallowRef } from 'vue';
import { usePendingAction } from '../../composables/use-pending-action.ts';
import { useEngineStore } from '../../stores/engine.ts';

/** A room's invitations that have neither expired nor been revoked. */
export function useInvitations(roomId: RoomId) {
  const engine = useEngineStore();
  const { pending, error, run } = usePendingAction();
  /** null: not loaded yet. */
  const invitations = shallowRef<readonly Invitation[] | null>(null);
  /** An invitation was revoked just now. */
  const revoked = ref(false);

  async function load(): Promise<void> {
    revoked.value = false;
    await run(async () => {
      ({ invitations: invitations.value } = await engine.request('get_invitations', { roomId }));
    });
  }

  async function revoke({ invitationId }: Invitation): Promise<void> {
    revoked.value = false;
    await run(async () => {
      await engine.request('delete_invitation', { roomId, invitationId });
      invitations.value = (invitations.value ?? []).filter((other) => other.invitationId !== invitationId);
      revoked.value = true;
    });
  }

  return { invitations, revoked, pending, error, load, revoke };
}
