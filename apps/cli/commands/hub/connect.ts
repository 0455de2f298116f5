import { createHubClient, type HubClient } from '@quantum-hub/client';
import { hubError } from '@quantum-hub/kernel';
import { credentialFor, hubUrl } from './credentials.ts';

const userAgent = 'qhub';

/** The hub as nobody: for what needs no sign-in. */
export function connectAnonymously(): HubClient {
  return createHubClient({ url: hubUrl(), userAgent });
}

/** The hub as whoever is signed in to it, or as whom `QHUB_API_KEY` belongs to. Throws `kernel.not_signed_in`. */
export function connectHub(): HubClient {
  const url = hubUrl();
  const credential = credentialFor(url);
  if (credential === undefined) throw hubError('kernel.not_signed_in', { url });
  return createHubClient({ url, credential, userAgent });
}
