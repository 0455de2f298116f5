/** Something that is missing or wrong, and what mends it. */
export interface Finding {
  /** A fault breaks the separation or keeps the hub from working; a warning does neither. */
  severity: 'fault' | 'warning';
  /** One sentence without its full stop: names the thing and what was expected. */
  sentence: string;
  /** The SQL statement, or the command, that mends it. */
  statement: string;
}

const provisionCommand = 'npx qhub db provision';

export function fault(sentence: string, statement: string = provisionCommand): Finding {
  return { severity: 'fault', sentence, statement };
}

export function warning(sentence: string, statement: string = provisionCommand): Finding {
  return { severity: 'warning', sentence, statement };
}
