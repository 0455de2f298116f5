import { createHubClient, type HubClient } from '@quantum-hub/client';
import { hubError } from '@quantum-hub/kernel';
import { credentialFor, hubUrl, keptCredential } from './credentials.ts';

const userAgent = 'qhub';

/** The hub as nobody: for what needs no sign-in. */
export function connectAnonymously(): HubClient {
  return createHubClient({ url: hubUrl(), userAgent });
}

/** The hub as whoever is signed in to it, or as whom `QHUB_API_KEY` belongs to. Throws `kernel.not_signed_in`. */
export function connectHub(): HubClient {
  const url = hubUrl();
  return connectAs(url, credentialFor(url));
}

/** The hub as whoever signed in to it here, whatever `QHUB_API_KEY` says. Throws `kernel.not_signed_in`. */
export function connectKept(): HubClient {
  const url = hubUrl();
  return connectAs(url, keptCredential(url)?.secret);
}

/** As `connectHub`; undefined where nobody is signed in. */
export function connectIfSignedIn(): HubClient | undefined {
  return credentialFor(hubUrl()) === undefined ? undefined : connectHub();
}

function connectAs(url: string, credential: string | undefined): HubClient {
  if (credential === undefined) throw hubError('kernel.not_signed_in', { url });
  return createHubClient({ url, credential, userAgent });
}
