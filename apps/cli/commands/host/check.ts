/** One thing that `qhub doctor` looked at. */
export interface Finding {
  readonly name: string;
  readonly state: 'ok' | 'warning' | 'failed';
  /** What was found; a sentence without a full stop. */
  readonly text: string;
  /** What to do about it; there where the state is not `ok`. */
  readonly advice?: string;
}

export const ok = (name: string, text: string): Finding => ({ name, state: 'ok', text });
export const warning = (name: string, text: string, advice: string): Finding => ({
  ...{ name, state: 'warning', text, advice },
});
export const failed = (name: string, text: string, advice: string): Finding => ({
  ...{ name, state: 'failed', text, advice },
});

/** A check that throws has found something too. */
export async function finding(name: string, look: () => Promise<Finding> | Finding): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return failed(name, reason, 'see the message, and QHUB_DEBUG=1');
  }
}
