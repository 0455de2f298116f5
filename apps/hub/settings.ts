/** The settings of the hub beside those of the database: read at once, all faults told at once, frozen. */
import { resolve } from 'node:path';
import { defaultLimits, type LimitRule } from '@quantum-hub/http';
import { Hidden, hubError } from '@quantum-hub/kernel';
import { z } from 'zod';
import { settingsList } from './settings-list.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const shape = Object.fromEntries(settingsList.map(({ name, schema }) => [name, schema])) as {
  [Name in (typeof settingsList)[number]['name']]: Extract<
    (typeof settingsList)[number],
    { name: Name }
  >['schema'];
};
const schema = z.object(shape);

export interface BlobSettings {
  /** Absolute; undefined: `blobs/` of the home. */
  readonly folder?: string;
  readonly s3?: { readonly bucket: string; readonly prefix: string; readonly endpoint?: string };
}

export interface HubSettings {
  readonly http: {
    readonly host: string;
    readonly port: number;
    readonly publicUrl?: string;
    readonly trustedProxies: readonly string[];
    readonly corsOrigins: readonly string[];
    readonly metricsToken?: Hidden<string>;
    /** Open at once. */
    readonly connections: number;
    readonly limits: {
      readonly credential: LimitRule;
      readonly address: LimitRule;
      readonly anonymous: LimitRule;
    };
  };
  /** Seals what the hub keeps and signs what it hands out; undefined: the file of the home. */
  readonly secretKey?: Hidden<string>;
  readonly mail?: { readonly url: Hidden<string>; readonly from: string };
  readonly blobs: BlobSettings;
  readonly resultInlineBytes: number;
  readonly jobs: {
    /** Of one user, waiting or running. */
    readonly perUser: number;
    /** Of one user at once. */
    readonly runningPerUser: number;
    /** Of one simulator at once, on all workers. */
    readonly perSimulator: number;
    /** Of one worker at once; undefined: as many as its machine has cores. */
    readonly perWorker?: number;
    /** How long a stop lets them go on. */
    readonly stopSeconds: number;
  };
  readonly logLevel: string;
}

/** Throws `http.settings_invalid` with every fault. Empty texts count as absent, as Compose files pass them. */
export function readHubSettings(env: Environment = process.env): HubSettings {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = schema.safeParse(given);
  const faults = parsed.success ? contradictions(parsed.data) : parsed.error.issues.map(faultText);
  if (!parsed.success || faults.length > 0) {
    throw hubError('http.settings_invalid', { faults: faults.join('; ') });
  }
  return Object.freeze(settingsOf(parsed.data, env));
}

type Values = z.output<typeof schema>;

/** The value is left out: it may be a password in the wrong place. */
function faultText({ path, message }: z.core.$ZodIssue): string {
  const name = String(path[0]);
  const { expected } = settingsList.find((setting) => setting.name === name) ?? { expected: message };
  return `${name} is not ${expected}`;
}

function contradictions(values: Values): string[] {
  const faults: string[] = [];
  if ((values.QHUB_SMTP_URL === undefined) !== (values.QHUB_MAIL_FROM === undefined)) {
    faults.push('QHUB_SMTP_URL and QHUB_MAIL_FROM belong together; set both or none');
  }
  if (values.QHUB_BLOB_DIR !== undefined && values.QHUB_BLOB_S3_BUCKET !== undefined) {
    faults.push('QHUB_BLOB_DIR and QHUB_BLOB_S3_BUCKET exclude each other; set one of them');
  }
  return faults;
}

const hidden = (text: string | undefined) => (text === undefined ? undefined : new Hidden(text));
const perMinute = (requests: number): LimitRule => ({ requests, windowSeconds: 60 });

function settingsOf(values: Values, env: Environment): HubSettings {
  const smtp = hidden(values.QHUB_SMTP_URL);
  const from = values.QHUB_MAIL_FROM;
  return {
    http: {
      host: values.QHUB_HTTP_HOST,
      port: values.QHUB_HTTP_PORT,
      publicUrl: values.QHUB_PUBLIC_URL?.replace(/\/$/, ''),
      trustedProxies: values.QHUB_TRUSTED_PROXIES,
      corsOrigins: values.QHUB_CORS_ORIGINS,
      metricsToken: hidden(values.QHUB_METRICS_TOKEN),
      connections: values.QHUB_HTTP_CONNECTIONS,
      limits: {
        credential: perMinute(values.QHUB_RATE_LIMIT ?? defaultLimits.credential.requests),
        address: perMinute(values.QHUB_RATE_LIMIT_ADDRESS ?? defaultLimits.address.requests),
        anonymous: perMinute(values.QHUB_RATE_LIMIT_ANONYMOUS ?? defaultLimits.anonymous.requests),
      },
    },
    secretKey: hidden(values.QHUB_SECRET_KEY),
    ...(smtp && from !== undefined && { mail: { url: smtp, from } }),
    blobs: blobsOf(values, env),
    resultInlineBytes: values.QHUB_RESULT_INLINE_BYTES,
    jobs: {
      perUser: values.QHUB_JOBS_PER_USER,
      runningPerUser: values.QHUB_RUNNING_JOBS_PER_USER,
      perSimulator: values.QHUB_SIMULATOR_JOBS,
      perWorker: values.QHUB_WORKER_JOBS,
      stopSeconds: values.QHUB_STOP_SECONDS,
    },
    logLevel: values.QHUB_LOG_LEVEL,
  };
}

function blobsOf(values: Values, env: Environment): BlobSettings {
  // npx changes the directory inside a workspace; INIT_CWD is where the person stood.
  const from = env.INIT_CWD ?? process.cwd();
  const folder = values.QHUB_BLOB_DIR === undefined ? undefined : resolve(from, values.QHUB_BLOB_DIR);
  const bucket = values.QHUB_BLOB_S3_BUCKET;
  if (bucket === undefined) return { folder };
  return { s3: { bucket, prefix: values.QHUB_BLOB_S3_PREFIX, endpoint: values.QHUB_BLOB_S3_ENDPOINT } };
}
