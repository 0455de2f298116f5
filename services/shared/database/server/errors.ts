import type { ErrorParam } from '@quantum-hub/kernel';
import { databaseServerErrors } from './catalogue.ts';

export type ServerErrorCode = keyof typeof databaseServerErrors;

/** A fault of the embedded server. `message` is one sentence for people: the thing, its value, what to do. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
  readonly code: ServerErrorCode;

  constructor(code: ServerErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** Makes (does not throw) the error of a code, its sentence filled from `params`. */
export function serverError(
  code: ServerErrorCode,
  params: Record<string, ErrorParam | undefined>,
  options?: { cause?: unknown },
): ServerError {
  const text = databaseServerErrors[code].message
    .replace(/\[([^\]]*)\]/g, (_, group: string) =>
      [...group.matchAll(/\{(\w+)\}/g)].every(([, name]) => params[name ?? ''] !== undefined) ? group : '',
    )
    .replace(/\{(\w+)\}/g, (_, name: string) => String(params[name]));
  return new ServerError(code, text, options);
}

export function isServerError(error: unknown, code?: ServerErrorCode): error is ServerError {
  return error instanceof ServerError && (code === undefined || error.code === code);
}

/** The `code` of a Node system error (`ENOENT`, `EACCES`, ...), or undefined for anything else. */
export function systemCode(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** The text of anything thrown. */
export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
