/** Chromium, driven by its own protocol (DevTools over a WebSocket): for what only a browser decides. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly sessionId?: string;
  readonly params?: { readonly name?: string; readonly [member: string]: unknown };
  // biome-ignore lint/suspicious/noExplicitAny: each command has a result of its own
  readonly result?: any;
  readonly error?: { readonly message: string };
}

/** One page of a browser that has nothing of earlier ones. */
export class BrowserPage implements AsyncDisposable {
  /** What the page complained of: scripts that failed, what its policy forbids, requests that were not answered well. */
  readonly complaints: string[] = [];
  readonly #socket: WebSocket;
  readonly #parts: AsyncDisposable;
  readonly #waiting = new Map<number, PromiseWithResolvers<Message>>();
  #session: string | undefined;
  #sent = 0;
  #loaded = Promise.withResolvers<void>();

  private constructor(socket: WebSocket, parts: AsyncDisposable) {
    this.#socket = socket;
    this.#parts = parts;
    socket.addEventListener('message', ({ data }) => this.#hear(JSON.parse(String(data))));
  }

  static async open(program: string): Promise<BrowserPage> {
    await using undo = new AsyncDisposableStack();
    const parts = undo.use(new AsyncDisposableStack());
    const profile = await mkdtemp(join(tmpdir(), 'qhub-browser-'));
    parts.defer(() => rm(profile, { recursive: true, force: true, maxRetries: 5 }));
    const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--remote-debugging-port=0'];
    const child = spawn(program, [...flags, `--user-data-dir=${profile}`, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    parts.defer(async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    });
    const socket = new WebSocket(await addressIn(child.stderr));
    await once(socket, 'open');
    parts.defer(() => socket.close());
    const page = new BrowserPage(socket, parts);
    await page.#attach();
    undo.move();
    return page;
  }

  async #attach(): Promise<void> {
    const { targetId } = await this.#send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.#send('Target.attachToTarget', { targetId, flatten: true });
    this.#session = sessionId;
    for (const domain of ['Page', 'Runtime', 'Log']) await this.#send(`${domain}.enable`);
  }

  /** Opens an address and waits until it is loaded. */
  async go(url: string): Promise<void> {
    this.#loaded = Promise.withResolvers();
    const { errorText } = await this.#send('Page.navigate', { url });
    if (errorText !== undefined) throw new Error(`${url}: ${errorText}`);
    await this.#loaded.promise;
  }

  /** What a script of the page gives (as JSON), once it is settled; throws what it throws. */
  // biome-ignore lint/suspicious/noExplicitAny: as the script says
  async run(expression: string): Promise<any> {
    const options = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await this.#send('Runtime.evaluate', options);
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  async #send(method: string, params: object = {}) {
    this.#sent += 1;
    const answer = Promise.withResolvers<Message>();
    this.#waiting.set(this.#sent, answer);
    this.#socket.send(JSON.stringify({ id: this.#sent, method, params, sessionId: this.#session }));
    const { result, error } = await answer.promise;
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  #hear(message: Message): void {
    const { id, method, params } = message;
    if (id !== undefined) this.#waiting.get(id)?.resolve(message);
    if (method === 'Page.loadEventFired') this.#loaded.resolve();
    if (method === 'Log.entryAdded' || method === 'Runtime.exceptionThrown')
      this.complaints.push(JSON.stringify(params));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts[Symbol.asyncDispose]();
  }
}

async function addressIn(stream: NodeJS.ReadableStream): Promise<string> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: stream })) {
    const [, address] = /DevTools listening on (ws:\S+)/.exec(line) ?? [];
    if (address) {
      stream.resume();
      return address;
    }
    lines.push(line);
  }
  throw new Error(`the browser did not start: ${lines.join('\n')}`);
}
