import type { Room } from './entry.ts';

/** Results of jobs, and the documents that are too large for a row. */
export const executionResultErrors = {
  'execution.result_unreadable': {
    status: 500,
    message: 'the result of job {job} cannot be read: {reason}',
    publicMessage: 'the result of this job cannot be read; tell the operator, or run the job again',
    why: 'What is stored is no document of a format version that this hub reads, or its file is lost or cut short.',
    fix: 'Operators: upgrade the hub when a newer one wrote it; put a lost file back from a backup of the blob store. Others: run the job again.',
  },
  'execution.blob_not_found': {
    status: 404,
    message: 'this document is gone; ask for the result of its job again',
    why: 'The link was made for a document that the hub no longer has.',
    fix: 'Ask for the result of the job again, `GET /v1/jobs/{id}/result`.',
  },
  'execution.blob_link_invalid': {
    status: 404,
    message: 'this link opens nothing; use a whole link as the result of a job gives it',
    why: 'The link was cut, changed, or made by a hub with another secret key.',
    fix: 'Ask for the result of the job again, `GET /v1/jobs/{id}/result`.',
  },
  'execution.blob_link_expired': {
    status: 410,
    message: 'this link expired at {at}; ask for the result of its job again',
    why: 'Links to large results open for a limited time, since whoever has one can read the result.',
    fix: 'Ask for the result of the job again, `GET /v1/jobs/{id}/result`.',
  },
  'execution.blob_place_unusable': {
    status: 503,
    message: 'large results cannot be kept in {place}: {reason}',
    publicMessage: 'the place of large results cannot be reached; try again later',
    why: 'The folder or bucket of large results does not exist, may not be written, is full, or does not answer.',
    fix: 'For the operator: repair the place that `QHUB_BLOB_DIR` or `QHUB_BLOB_S3_BUCKET` names. Jobs whose result could not be written run again.',
  },
  'execution.circuit_unavailable': {
    status: 422,
    message: 'the circuit of job {job} cannot be drawn: its program is {language}; expected OpenQASM',
    why: 'Only programs in OpenQASM, and not those of apps, are drawn.',
    fix: 'Read the program itself.',
  },
  'execution.range_unsatisfiable': {
    status: 416,
    message: 'the document has {bytes} bytes; expected a range that begins before its end',
    why: 'The header `Range` asks for bytes behind the end of the document.',
    fix: 'Ask for a range within it, or for all of it.',
  },
} as const satisfies Room<'execution'>;
