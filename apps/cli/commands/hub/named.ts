/** What people type to name something at the hub, judged before the hub is asked. */
import { usageFault } from '../../faults.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const device = /^[^/\s]+\/[^/\s]+$/;

export const isId = (text: string) => uuid.test(text);

/** Reads the id of a thing. `list` is the command that shows them, `help` the one to ask. */
export function idOf(thing: string, list: string, help: string): (text: string) => string {
  return (text) => {
    if (isId(text)) return text;
    throw usageFault(`the id of the ${thing} is "${text}"; expected one of \`npx qhub ${list}\``, help);
  };
}

/** Reads platform and name of a device. */
export function deviceOf(help: string): (text: string) => string {
  return (text) => {
    if (device.test(text)) return text;
    throw usageFault(
      `the device is "${text}"; expected platform and name, such as local/statevector, as \`npx qhub devices list\` shows`,
      help,
    );
  };
}
