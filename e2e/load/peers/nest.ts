/**
 * A gateway of NestJS over platform-ws as tutorials write it: store the message, then send it to each member of the room.
 * Node runs this file as it is and leaves no decorators: they are applied by hand below.
 */
import 'reflect-metadata';
import type { IncomingMessage } from 'node:http';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { WsAdapter } from '@nestjs/platform-ws';
import { ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { WebSocket } from 'ws';
import { peerSettings, sayReady, whoConnects } from './peer-settings.ts';
import { openStoredMessages } from './stored-messages.ts';

const { port, mongoUrl } = peerSettings();
const messages = await openStoredMessages(mongoUrl);

class ChatGateway {
  readonly #rooms = new Map<string, Set<WebSocket>>();
  readonly #people = new Map<WebSocket, { room: string; user: string }>();

  handleConnection(client: WebSocket, request: IncomingMessage): void {
    const person = whoConnects(request.url);
    const members = this.#rooms.get(person.room) ?? new Set();
    this.#rooms.set(person.room, members.add(client));
    this.#people.set(client, person);
    client.send(JSON.stringify({ event: 'joined', data: person.room }));
  }

  handleDisconnect(client: WebSocket): void {
    this.#rooms.get(this.#people.get(client)?.room ?? '')?.delete(client);
    this.#people.delete(client);
  }

  async onMessage({ text }: { text: string }, client: WebSocket): Promise<void> {
    const person = this.#people.get(client);
    if (person === undefined) return;
    const message = { ...person, text, createdAt: new Date() };
    await messages.insert(message);
    for (const member of this.#rooms.get(person.room) ?? []) {
      member.send(JSON.stringify({ event: 'message', data: message }));
    }
  }
}

WebSocketGateway()(ChatGateway);
const { prototype } = ChatGateway;
const onMessage = Object.getOwnPropertyDescriptor(prototype, 'onMessage') ?? {};
SubscribeMessage('message')(prototype, 'onMessage', onMessage);
MessageBody()(prototype, 'onMessage', 0);
ConnectedSocket()(prototype, 'onMessage', 1);

class PeerModule {}
Module({ providers: [ChatGateway] })(PeerModule);

const app = await NestFactory.create(PeerModule, new FastifyAdapter(), { logger: ['error'] });
app.useWebSocketAdapter(new WsAdapter(app));
await app.listen(port, '127.0.0.1');
sayReady();
