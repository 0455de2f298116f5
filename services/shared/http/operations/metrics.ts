import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface AnsweredRequest {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

/** A figure that is read when somebody asks for the metrics. */
export interface GaugeSource {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
  readonly read: () => Promise<readonly GaugeValue[]> | readonly GaugeValue[];
}

interface GaugeValue {
  readonly value: number;
  readonly labels?: Readonly<Record<string, string>>;
}

/** From a health check to a long poll; 60 s is the longest wait. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** The figures of one process for Prometheus: of Node, of its requests, and of whoever adds some. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests: Counter<'method' | 'route' | 'status'>;
  readonly #durations: Histogram<'method' | 'route'>;
  readonly #texts: (() => Promise<string>)[] = [];

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
    const registers = [this.#registry];
    this.#requests = new Counter({
      name: 'qhub_http_requests_total',
      help: 'Requests that were answered.',
      labelNames: ['method', 'route', 'status'],
      registers,
    });
    this.#durations = new Histogram({
      name: 'qhub_http_request_seconds',
      help: 'From the arrival of a request to the end of its answer.',
      labelNames: ['method', 'route'],
      buckets,
      registers,
    });
  }

  observeRequest({ method, route, status, seconds }: AnsweredRequest): void {
    this.#requests.inc({ method, route, status: String(status) });
    this.#durations.observe({ method, route }, seconds);
  }

  /** Adds a figure; a source that fails leaves its figure out and the others in. */
  addGauge({ name, help, labels = [], read }: GaugeSource): void {
    new Gauge({
      name,
      help,
      labelNames: labels,
      registers: [this.#registry],
      async collect() {
        this.reset();
        const values = await Promise.resolve()
          .then(read)
          .catch(() => []);
        for (const { value, labels: named = {} } of values) this.set(named, value);
      },
    });
  }

  /** Adds figures that are in Prometheus' text format already. */
  addText(read: () => Promise<string>): void {
    this.#texts.push(read);
  }

  /** All figures in Prometheus' text format. */
  async text(): Promise<string> {
    const more = await Promise.all(this.#texts.map((read) => read().catch(() => '')));
    return [await this.#registry.metrics(), ...more].join('\n');
  }
}
