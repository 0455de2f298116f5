/** Each setting of the hub with its schema and what people have to know of it: read by `settings.ts` and `docs/settings.md`. */
import { BlockList, isIP } from 'node:net';
import { z } from 'zod';

const wholeNumber = (lowest: number, highest: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .refine((value) => value >= lowest && value <= highest);

const listOf = (isItem: (item: string) => boolean) =>
  z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((item) => item.trim())
        .filter(Boolean),
    )
    .refine((items) => items.every(isItem));

function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  if (bits === undefined) return true;
  try {
    new BlockList().addSubnet(address, Number(bits), version === 6 ? 'ipv6' : 'ipv4');
    return /^\d+$/.test(bits);
  } catch {
    return false;
  }
}

const isOrigin = (text: string) => URL.canParse(text) && new URL(text).origin === text;

const webAddress = z
  .string()
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && !/[?#@]/.test(text));

export const settingsList = [
  {
    name: 'QHUB_HTTP_HOST',
    schema: z.string().max(253).default('127.0.0.1'),
    default: '127.0.0.1',
    expected: 'an address of this machine, or 0.0.0.0 for all',
    meaning: 'Where the server listens. Put a reverse proxy with TLS before it when others are to reach it.',
  },
  {
    name: 'QHUB_HTTP_PORT',
    schema: wholeNumber(0, 65_535).default(8080),
    default: '8080',
    expected: 'a whole number from 0 to 65535',
    meaning: 'The port of the server; 0 takes any that is free.',
  },
  {
    name: 'QHUB_PUBLIC_URL',
    schema: webAddress.optional(),
    expected: 'an address such as https://hub.example.org',
    meaning:
      'Where the hub is, as its users see it: in mails, in addresses of error pages, and as the origin of pages that may write with a cookie. With https browsers are told to stay with it (HSTS).',
  },
  {
    name: 'QHUB_TRUSTED_PROXIES',
    schema: listOf(isNetwork).default([]),
    expected: 'addresses or networks such as 10.0.0.0/8, separated by commas',
    meaning: 'Proxies whose `X-Forwarded-*` and `X-Request-Id` are believed; without any they are ignored.',
  },
  {
    name: 'QHUB_CORS_ORIGINS',
    schema: listOf(isOrigin).default([]),
    expected: 'origins such as https://lab.example.org, separated by commas',
    meaning: 'Other origins whose pages may call the hub. None by default.',
  },
  {
    name: 'QHUB_METRICS_TOKEN',
    schema: z.string().min(16).max(200).optional(),
    expected: '16 to 200 characters',
    meaning:
      'The password (basic authentication, any user name) with which `/metrics` is read from other machines; without it only this machine gets the figures.',
  },
  {
    name: 'QHUB_RATE_LIMIT',
    schema: wholeNumber(1, 1_000_000_000).optional(),
    default: '1200',
    expected: 'a whole number of 1 or more',
    meaning: 'Requests a minute of one session, or of one key that has no limit of its own.',
  },
  {
    name: 'QHUB_RATE_LIMIT_ADDRESS',
    schema: wholeNumber(1, 1_000_000_000).optional(),
    default: '6000',
    expected: 'a whole number of 1 or more',
    meaning: 'Requests a minute from one address (IPv6: one /64), whoever calls.',
  },
  {
    name: 'QHUB_RATE_LIMIT_ANONYMOUS',
    schema: wholeNumber(1, 1_000_000_000).optional(),
    default: '300',
    expected: 'a whole number of 1 or more',
    meaning: 'Requests a minute from one address without a valid key or session.',
  },
  {
    name: 'QHUB_HTTP_CONNECTIONS',
    schema: wholeNumber(10, 1_000_000).default(10_000),
    default: '10000',
    expected: 'a whole number from 10 to 1000000',
    meaning:
      'Connections of one process at once; a fifth of them from one address (IPv6: one /64) that is no trusted proxy. The system must let the process open as many files.',
  },
  {
    name: 'QHUB_SECRET_KEY',
    schema: z.string().min(32).max(1000).optional(),
    expected: 'a text of 32 to 1000 characters',
    meaning:
      'Seals what the hub keeps (mails that wait) and signs what it hands out (addresses of results). Without it one is made and kept in `secret-key` of the home (0600). Several processes need the same.',
  },
  {
    name: 'QHUB_SMTP_URL',
    schema: z
      .string()
      .refine((text) => URL.canParse(text) && /^smtps?:$/.test(new URL(text).protocol))
      .optional(),
    expected: 'an address such as smtp://user:password@mail.example.org:587',
    meaning: 'The server that sends mails. Without it they wait in the outbox, which operators see.',
  },
  {
    name: 'QHUB_MAIL_FROM',
    schema: z.string().min(3).max(320).includes('@').optional(),
    expected: 'an address of e-mail, with or without a name',
    meaning: 'The sender of mails; belongs to `QHUB_SMTP_URL`.',
  },
  {
    name: 'QHUB_BLOB_DIR',
    schema: z.string().max(4000).optional(),
    expected: 'the path of a folder',
    meaning: 'Where large results are kept; `blobs` in the home without it.',
  },
  {
    name: 'QHUB_BLOB_S3_BUCKET',
    schema: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)
      .optional(),
    expected: 'the name of a bucket',
    meaning: 'Keeps large results in S3 instead; credentials and region come from `AWS_*`.',
  },
  {
    name: 'QHUB_BLOB_S3_PREFIX',
    schema: z.string().max(500).default(''),
    expected: 'at most 500 characters',
    meaning: 'What the names of results in the bucket begin with.',
  },
  {
    name: 'QHUB_BLOB_S3_ENDPOINT',
    schema: webAddress.optional(),
    expected: 'an address such as http://127.0.0.1:9000',
    meaning: 'Another server that speaks S3.',
  },
  {
    name: 'QHUB_RESULT_INLINE_BYTES',
    schema: wholeNumber(1024, 16_777_216).default(1_048_576),
    default: '1048576',
    expected: 'a whole number from 1024 to 16777216',
    meaning: 'Results up to this size stay in the database, larger ones go to the blob store.',
  },
  {
    name: 'QHUB_JOBS_PER_USER',
    schema: wholeNumber(1, 1_000_000_000).default(10_000),
    default: '10000',
    expected: 'a whole number of 1 or more',
    meaning: 'How many jobs of one user may wait or run; more are refused with 429.',
  },
  {
    name: 'QHUB_RUNNING_JOBS_PER_USER',
    schema: wholeNumber(1, 1_000_000).default(16),
    default: '16',
    expected: 'a whole number from 1 to 1000000',
    meaning:
      'How many jobs of one user run at once, on all devices and workers; the others wait. Read by workers.',
  },
  {
    name: 'QHUB_SIMULATOR_JOBS',
    schema: wholeNumber(1, 10_000).default(64),
    default: '64',
    expected: 'a whole number from 1 to 10000',
    meaning:
      'How many jobs each simulator runs at once, on all workers together: set it to what your machines bear. Read by the process that schedules. A real machine always runs one.',
  },
  {
    name: 'QHUB_WORKER_JOBS',
    schema: wholeNumber(1, 1000).optional(),
    default: 'the cores of its machine, at least 2',
    expected: 'a whole number from 1 to 1000',
    meaning: 'How many jobs one worker runs at once, on all its devices; each has a process of its own.',
  },
  {
    name: 'QHUB_STOP_SECONDS',
    schema: wholeNumber(0, 86_400).default(30),
    default: '30',
    expected: 'a whole number from 0 to 86400',
    meaning:
      'How long a stop lets running jobs go on before they are handed back and run again elsewhere. Set it below what your system waits before it kills (`docker stop` 10 s, Kubernetes 30 s, systemd 90 s).',
  },
  {
    name: 'QHUB_LOG_LEVEL',
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    default: 'info',
    expected: 'one of fatal, error, warn, info, debug, trace, silent',
    meaning: 'How much is logged: lines of JSON, or lines for people on a terminal.',
  },
  {
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    schema: webAddress.optional(),
    expected: 'an address such as http://127.0.0.1:4318',
    meaning:
      'Where traces of requests and statements are sent (OpenTelemetry); nothing of it is loaded without.',
  },
] as const;
