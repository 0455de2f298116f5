import { type HubError, hubError, isHubError } from '@quantum-hub/kernel';

interface FastifyFault {
  readonly code?: string;
  readonly message?: string;
}

export interface ErrorContext {
  readonly contentType: string | undefined;
  readonly maxBodyBytes: number;
}

/** The error of the catalogue for whatever was thrown: by a service, by Fastify, or by a fault of ours. */
export function toHubError(error: unknown, { contentType, maxBodyBytes }: ErrorContext): HubError {
  if (isHubError(error)) return error;
  const { code, message } = error as FastifyFault;
  switch (code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_CTP_EMPTY_TYPE':
      return hubError('http.unsupported_media_type', { type: contentType ?? '' }, { cause: error });
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return hubError('http.body_too_large', { most: maxBodyBytes }, { cause: error });
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return hubError('http.malformed', { reason: 'Content-Length is not its length' }, { cause: error });
    case 'FST_ERR_BAD_URL':
      return hubError(
        'http.malformed',
        { reason: 'the address is not percent-encoded rightly' },
        { cause: error },
      );
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return hubError('http.malformed', { reason: 'a part of the address is too long' }, { cause: error });
    default:
      return hubError('kernel.unexpected', { reason: message ?? String(error) }, { cause: error });
  }
}
