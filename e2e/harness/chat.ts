import { randomUUID } from 'node:crypto';
import { USER_HEADER, type Attachment, type AttachmentBody, type MessageId, type RoomId } from '@parley/protocol';
import { ProtocolClient, signUp, type SignedIn } from '@parley/testing';

/** 3 × 2 pixels. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR4nGMQqciDIAY4CwA4kAXdpqSf8gAAAABJRU5ErkJggg==',
  'base64',
);

export const connect = async (url: string, { cookie }: Pick<SignedIn, 'cookie'>): Promise<ProtocolClient> => {
  const client = await ProtocolClient.connect(`${url.replace(/^http/, 'ws')}/ws`, { cookie, origin: url });
  await client.command('create_connection', { protocol: 1 });
  return client;
};

/** Signs up a user with a room of their own, who can send messages and upload images. */
export async function newWriter(url: string) {
  const person = await signUp(url);
  const client = await connect(url, person);
  const roomId = randomUUID() as RoomId;
  await client.command('create_room', { roomId, memberIds: [] });
  return {
    person,
    client,
    roomId,
    /** Resolves with the messageId once it is acknowledged. */
    async say(text: string, attachments: readonly Attachment[] = []): Promise<MessageId> {
      const messageId = randomUUID() as MessageId;
      const attachmentIds = attachments.map(({ attachmentId }) => attachmentId);
      await client.command('create_message', { roomId, messageId, text, attachmentIds });
      return messageId;
    },
    async upload(): Promise<Attachment> {
      const body = new FormData();
      body.set('file', new Blob([PNG], { type: 'image/png' }), 'image.png');
      const headers = { cookie: person.cookie, [USER_HEADER]: person.user.userId, origin: url };
      const response = await fetch(`${url}/api/attachments`, { method: 'POST', headers, body });
      if (response.status !== 201) throw new Error(`The upload was answered with ${response.status}.`);
      return ((await response.json()) as AttachmentBody).attachment;
    },
  };
}

export type Writer = Awaited<ReturnType<typeof newWriter>>;

/** The ids of all messages of a room, the oldest first. */
export async function messageIdsIn(client: ProtocolClient, roomId: RoomId): Promise<MessageId[]> {
  const ids: MessageId[] = [];
  let before: number | undefined;
  for (;;) {
    const page = await client.command('get_messages', {
      roomId,
      limit: 100,
      ...(before === undefined ? {} : { before }),
    });
    ids.unshift(...page.messages.map(({ messageId }) => messageId));
    before = page.messages[0]?.seq;
    if (!page.more || before === undefined) return ids;
  }
}
