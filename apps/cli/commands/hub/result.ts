import { createHash } from 'node:crypto';
import type { HubClient } from '@quantum-hub/client';
import { hubError } from '@quantum-hub/kernel';
import { resultText } from '../programs/result-text.ts';

/**
 * The document of a result (format version 1), as the hub keeps it, whether it lies in the answer or behind a link.
 * Throws `kernel.result_damaged`.
 */
export async function fetchResult(hub: HubClient, id: string): Promise<Record<string, unknown>> {
  const answer = (await hub.ask((api) =>
    api.GET('/v1/jobs/{id}/result', { params: { path: { id } } }),
  )) as Record<string, unknown>;
  if (!('location' in answer)) return answer;
  const { location, sha256, bytes } = answer as { location: string; sha256: string; bytes: number };
  const response = await hub.open(location);
  const whole = Buffer.from(await response.arrayBuffer());
  if (createHash('sha256').update(whole).digest('hex') !== sha256) {
    throw hubError('kernel.result_damaged', { job: id, received: whole.length, bytes, sha256 });
  }
  return JSON.parse(whole.toString('utf8'));
}

export interface ResultDocument {
  readonly kind: string;
  readonly device: { readonly name: string; readonly version: string };
  readonly program: { readonly sha256: string };
  readonly shots?: { readonly returned: number | null };
}

/** A result for people, as `qhub simulate` prints it. @param columns letters in a line */
export function documentText(document: ResultDocument, columns: number): string {
  const { shots, program, ...found } = document;
  const result = { ...found, programHash: program.sha256, shots: shots?.returned ?? undefined };
  return resultText(result as unknown as Parameters<typeof resultText>[0], columns);
}
