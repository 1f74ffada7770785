import type { IncomingHttpHeaders } from 'node:http';

export interface OriginSettings {
  /** The URL of Parley for users, if it differs from the request's Host. */
  readonly publicUrl: string | undefined;
  /** More origins (`https://chat.example.org`) that may act for a signed-in user. */
  readonly origins: readonly string[];
}

export interface OriginHeaders {
  readonly origin: string | undefined;
  readonly host: string | undefined;
  readonly secFetchSite: string | undefined;
}

export type OriginCheck = { readonly allowed: true } | { readonly allowed: false; readonly reason: string };

const ALLOWED: OriginCheck = { allowed: true };

/**
 * Whether a request that acts for a signed-in user comes from Parley's own pages. Every browser sends Origin with a
 * WebSocket upgrade and with a request that changes something. A request without Origin comes from another program,
 * unless Sec-Fetch-Site shows that a browser sent it for another site. An Origin is allowed if its host is the
 * request's Host or that of the public URL, or if it is listed. `null` (a sandboxed frame, a file) is never allowed.
 */
export function checkOrigin(facts: OriginHeaders, settings: OriginSettings): OriginCheck {
  const { origin, host, secFetchSite } = facts;
  if (origin === undefined) {
    return secFetchSite === 'cross-site' || secFetchSite === 'same-site'
      ? refusal('A request from another site without an Origin is refused.')
      : ALLOWED;
  }
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  if (url === undefined || url.host === '') return refusal(`The Origin "${origin}" names no site.`);
  const good =
    (host !== undefined && url.host === hostFor(url.protocol, host)) ||
    (settings.publicUrl !== undefined && url.host === new URL(settings.publicUrl).host) ||
    settings.origins.includes(url.origin);
  if (good) return ALLOWED;
  return refusal(
    `The Origin ${url.origin} is not this server's. If people reach Parley there, set PARLEY_PUBLIC_URL=${url.origin} ` +
      `or add it to PARLEY_ORIGINS.`,
  );
}

const refusal = (reason: string): OriginCheck => ({ allowed: false, reason });

/** The Host as a URL of that protocol shows it: lower case, without the protocol's own port. */
function hostFor(protocol: string, host: string): string | undefined {
  const address = `${protocol}//${host}`;
  return URL.canParse(address) ? new URL(address).host : undefined;
}

/** The headers of a request that checkOrigin() reads. */
export function originHeaders(headers: IncomingHttpHeaders): OriginHeaders {
  const site = headers['sec-fetch-site'];
  return { origin: headers.origin, host: headers.host, secFetchSite: typeof site === 'string' ? site : undefined };
}
