export interface ListenTarget {
  readonly host: string;
  readonly port: number;
  /** The settings that the operator can change. */
  readonly settings: { readonly host: string; readonly port: string };
}

export const PUBLIC_SETTINGS = { host: 'PARLEY_HOST', port: 'PARLEY_PORT' } as const;
export const MANAGEMENT_SETTINGS = { host: 'PARLEY_MANAGEMENT_HOST', port: 'PARLEY_MANAGEMENT_PORT' } as const;

/** The error of a server that cannot listen, with a message that says what to do. */
export const listenError = (cause: unknown, target: ListenTarget): Error =>
  new Error(messageFor(cause, target), { cause });

function messageFor(cause: unknown, { host, port, settings }: ListenTarget): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return `The port ${port} is taken: stop what uses it, or set ${settings.port} to another one.`;
    case 'EACCES':
      return `This user may not listen on port ${port}: set ${settings.port} to one above 1023.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `This machine has no address ${host}: set ${settings.host} to one of its own, or to 0.0.0.0 for all.`;
    default:
      return `Listening on ${host}, port ${port}, failed: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
}
