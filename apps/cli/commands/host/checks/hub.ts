import { type Finding, failed, ok, warning } from '../check.ts';

const timeoutMs = 5000;

/** What `/readyz` of the hub says, which no client's retries should soften. */
export async function checkHub(url: string): Promise<Finding> {
  let response: Response;
  try {
    response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(timeoutMs) });
  } catch {
    return warning(
      'hub',
      `none answers at ${url}`,
      'start it with `npm start`, or set QHUB_URL to its address',
    );
  }
  const body = (await response.json().catch(() => undefined)) as
    | { checks?: readonly { name: string; ok: boolean; text: string }[] }
    | undefined;
  if (!Array.isArray(body?.checks)) {
    return failed(
      'hub',
      `what answers at ${url} is no Quantum Hub`,
      'set QHUB_URL to the address of the hub',
    );
  }
  if (response.ok) return ok('hub', `${url} is ready`);
  const wrong = body.checks.filter((check) => !check.ok).map(({ name, text }) => `${name}: ${text}`);
  return failed('hub', `${url} is not ready; ${wrong.join('; ')}`, 'see the log of the hub');
}
