import { Answer, type Route, route, StreamAnswer } from '@quantum-hub/http';
import type { Clock } from '@quantum-hub/kernel';
import { z } from 'zod';
import type { BlobLinks } from '../blobs/link.ts';
import type { BlobStore } from '../blobs/store.ts';
import { resultDocument } from '../domain/result-document.ts';
import type { ProgramChecker } from '../ports/index.ts';
import { blobTag, readBlob } from '../use-cases/read-blob.ts';
import { showCircuit } from '../use-cases/show-circuit.ts';
import { showResult } from '../use-cases/show-result.ts';
import { jobParams } from './job-routes.ts';

const locatedResult = z
  .object({
    location: z.string().describe('Where the document is read, without a key, until it expires.'),
    expiresAt: z.iso.datetime(),
    bytes: z.int(),
    sha256: z.string().describe('Of the document, hexadecimal.'),
  })
  .meta({
    id: 'LocatedResult',
    examples: [
      {
        location: 'http://127.0.0.1:8080/v1/blobs/AZqy9Hww',
        expiresAt: '2026-11-23T10:15:00.000Z',
        bytes: 4_194_304,
        sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      },
    ],
  });

export type ResultRouteDeps = {
  readonly checker: ProgramChecker;
  readonly blobs: BlobStore;
  readonly links: BlobLinks;
  readonly linkSeconds: number;
  /** Without a slash at its end; undefined: links are paths on this hub. */
  readonly publicUrl?: string | undefined;
  readonly clock?: Clock;
};

const show = ({ publicUrl = '', ...deps }: ResultRouteDeps) =>
  route({
    method: 'GET',
    path: '/v1/jobs/:id/result',
    name: 'showResult',
    summary: 'The result of one of your jobs, or where it lies if it is large.',
    description:
      'The document says by itself how it is to be read (schema: docs/schemas/job-result.v1.schema.json). A large one is named by a link that opens without a key until it expires.',
    tag: 'Results',
    access: { scope: 'execution:read' },
    params: jobParams,
    answers: { 200: z.union([resultDocument, locatedResult]) },
    errors: ['execution.job_not_found', 'execution.result_not_found', 'execution.result_unreadable'],
    async handle({ actor, params }) {
      const shown = await showResult(deps, actor, params.id);
      // Results never change; links do.
      if ('document' in shown)
        return new Answer(200, shown.document, { 'cache-control': 'private, max-age=3600' });
      const { blob, token, expiresAt } = shown;
      return {
        location: `${publicUrl}/v1/blobs/${token}`,
        expiresAt: expiresAt.toISOString(),
        bytes: blob.bytes,
        sha256: blob.sha256,
      };
    },
  });

const circuit = (deps: ResultRouteDeps) =>
  route({
    method: 'GET',
    path: '/v1/jobs/:id/circuit',
    name: 'showCircuit',
    summary: 'Draws the circuit of one of your jobs, from the program as it ran.',
    tag: 'Results',
    access: { scope: 'execution:read' },
    params: jobParams,
    query: z.strictObject({ format: z.enum(['text', 'svg']).default('text') }),
    answers: { 200: circuitSchema },
    errors: ['execution.job_not_found', 'execution.circuit_unavailable', 'execution.check_time_exceeded'],
    async handle({ actor, params, query: { format } }) {
      const drawn = await showCircuit(deps, actor, params.id, format);
      return { format, programHash: drawn.hash, drawing: drawn.drawing };
    },
  });

const circuitSchema = z
  .object({
    format: z.enum(['text', 'svg']),
    programHash: z.string().describe("SHA-256 of the program's bytes, hexadecimal."),
    drawing: z.string(),
  })
  .meta({
    id: 'CircuitDrawing',
    examples: [
      {
        format: 'text',
        programHash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
        drawing: 'q[0]: ─H─●─\nq[1]: ───X─',
      },
    ],
  });

const token = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9_-]+$/);

const blob = (deps: ResultRouteDeps) =>
  route({
    method: 'GET',
    path: '/v1/blobs/:token',
    name: 'readBlob',
    summary: 'Reads the document that a link of a result names.',
    description:
      'Takes `Range`, `If-Range` and `If-None-Match`; `Repr-Digest` has the SHA-256 of the whole document.',
    tag: 'Results',
    access: 'public',
    params: z.strictObject({ token }),
    answers: { 200: resultDocument, 206: z.string(), 304: null },
    mediaTypes: { 200: 'application/json', 206: 'application/json' },
    examples: { answers: { 206: '{"format":"quantum-hub/job-result"' } },
    errors: [
      'execution.blob_link_invalid',
      'execution.blob_link_expired',
      'execution.blob_not_found',
      'execution.range_unsatisfiable',
    ],
    async handle({ params, headers }) {
      const { bytes, sha256, range, content } = await readBlob(deps, { token: params.token, headers });
      const common = { etag: blobTag(sha256), 'cache-control': 'private, max-age=3600, immutable' };
      if (content === undefined) return new Answer(304, undefined, common);
      const { first, last } = range ?? { first: 0, last: bytes - 1 };
      return new StreamAnswer(range ? 206 : 200, content, {
        ...common,
        'content-type': 'application/json',
        'content-length': String(last - first + 1),
        'accept-ranges': 'bytes',
        'repr-digest': `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`,
        'content-disposition': 'attachment; filename="result.json"',
        ...(range && { 'content-range': `bytes ${first}-${last}/${bytes}` }),
      });
    },
  });

export function resultRoutes(deps: ResultRouteDeps): readonly Route[] {
  return [show(deps), circuit(deps), blob(deps)];
}
