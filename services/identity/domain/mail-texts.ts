/** The texts of the mails: plain, short, and true for a reader who never heard of this hub. */
export const mailTemplates = [
  'verify_email',
  'reset_password',
  'password_changed',
  'email_changed',
  'account_deleted',
] as const;
export type MailTemplate = (typeof mailTemplates)[number];

export interface MailFacts {
  readonly template: MailTemplate;
  readonly parameters: Readonly<Record<string, string>>;
  /** The one-time token in clear, where the template has one. */
  readonly token?: string;
  /** Where people reach the hub, without a slash at the end. */
  readonly publicUrl: string;
}

export interface MailText {
  readonly subject: string;
  readonly text: string;
}

/** How the token gets back to the hub: by its command line or by one request, until the web console has pages for it. */
const waysBack = ({ publicUrl, token }: MailFacts, command: string, request: string) => [
  '',
  `  ${token}`,
  '',
  `Give it to the command line:  QHUB_URL=${publicUrl} npx qhub ${command}`,
  `or to the API:  POST ${publicUrl}/v1/${request} (see ${publicUrl}/docs)`,
  '',
];

const templates: Readonly<Record<MailTemplate, (facts: MailFacts) => { subject: string; lines: string[] }>> =
  {
    verify_email: (facts) => ({
      subject: 'Confirm your address for Quantum Hub',
      lines: [
        `the account "${facts.parameters.username}" at ${facts.publicUrl} names this address as its own.`,
        'If that was you, confirm it within three days with this token:',
        ...waysBack(facts, 'account verify', 'email-verifications/confirm'),
        'If it was not, do nothing: without confirmation the address is not used for anything.',
      ],
    }),
    reset_password: (facts) => ({
      subject: 'Set a new password for Quantum Hub',
      lines: [
        `somebody, probably you, asked for a new password of the account "${facts.parameters.username}" at ${facts.publicUrl}.`,
        'Set it within an hour with this token:',
        ...waysBack(facts, 'account reset-password', 'password-resets/confirm'),
        'If it was not you, do nothing: the password stays as it is.',
      ],
    }),
    password_changed: (facts) => ({
      subject: 'Your password for Quantum Hub was changed',
      lines: [
        `the password of the account "${facts.parameters.username}" at ${facts.publicUrl} was changed, and all its sessions were ended.`,
        'If it was not you, ask for a new one at once and look through your keys.',
      ],
    }),
    email_changed: (facts) => ({
      subject: 'Your address for Quantum Hub was changed',
      lines: [
        `the account "${facts.parameters.username}" at ${facts.publicUrl} has another address now; mail no longer comes here.`,
        'If it was not you, tell the people who run the hub.',
      ],
    }),
    account_deleted: (facts) => ({
      subject: 'Your account at Quantum Hub was deleted',
      lines: [
        `the account "${facts.parameters.username}" at ${facts.publicUrl} was deleted, as its owner asked.`,
        'If it was not you, tell the people who run the hub.',
      ],
    }),
  };

export function mailText(facts: MailFacts): MailText {
  const { subject, lines } = templates[facts.template](facts);
  return { subject, text: ['Hello,', '', ...lines, ''].join('\n') };
}
