/** The settings of every peer, as environment variables of its launcher. */
export interface PeerSettings {
  readonly port: number;
  readonly mongoUrl: string;
  readonly redisUrl: string;
}

export const peerSettings = (): PeerSettings => ({
  port: Number(process.env.PEER_PORT),
  mongoUrl: process.env.PEER_MONGO_URL ?? '',
  redisUrl: process.env.PEER_REDIS_URL ?? '',
});

/** The line that a peer prints when it accepts connections. */
export const sayReady = (): void => void process.stdout.write('peer ready\n');

/** `room` and `user` of a path like `/?room=1&user=2`. */
export function whoConnects(path: string | undefined): { room: string; user: string } {
  const { searchParams } = new URL(path ?? '/', 'http://peer');
  return { room: searchParams.get('room') ?? '', user: searchParams.get('user') ?? '' };
}
