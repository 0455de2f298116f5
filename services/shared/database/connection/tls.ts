import { type ConnectionOptions, checkServerIdentity, type PeerCertificate } from 'node:tls';
import type { TlsSettings } from '../config.ts';

/**
 * libpq's modes as options of node:tls, or false for none. `require` takes any certificate, unless a root is named: then
 * it means `verify-ca`, as in libpq. The name is checked against `host` itself, because node-postgres passes no name
 * on for an IP address and Node would compare the certificate with "localhost".
 */
export function tlsOptions(tls: TlsSettings | undefined, host: string): ConnectionOptions | false {
  if (!tls || tls.mode === 'disable' || host.startsWith('/')) return false;
  const verified = tls.mode !== 'require' || tls.rootCertificate !== undefined;
  const matches = (_name: string, certificate: PeerCertificate) =>
    tls.mode === 'verify-full' ? checkServerIdentity(host, certificate) : undefined;
  return {
    rejectUnauthorized: verified,
    checkServerIdentity: matches,
    minVersion: 'TLSv1.2',
    ...(tls.rootCertificate ? { ca: tls.rootCertificate } : {}),
    ...(tls.certificate ? { cert: tls.certificate, key: tls.key?.reveal() } : {}),
  };
}
