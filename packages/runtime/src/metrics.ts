import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

type Labels = Readonly<Record<string, string | number>>;

export interface CounterMetric {
  inc(labels?: Labels, by?: number): void;
}
export interface GaugeMetric {
  set(value: number, labels?: Labels): void;
}
export interface HistogramMetric {
  observe(value: number, labels?: Labels): void;
}

interface Named {
  /** `archwire_<part>_<what>_<unit>`, Prometheus style. */
  readonly name: string;
  readonly help: string;
  /** Few values each, never patient data, UIDs or addresses. */
  readonly labels?: readonly string[];
}

/** Asking twice for a name gives the same metric, so that parts need not know of one another. */
export interface Metrics {
  counter(metric: Named): CounterMetric;
  /** With `collect` the value is asked for when the page is read. */
  gauge(metric: Named & { readonly collect?: () => number | Promise<number> }): GaugeMetric;
  histogram(metric: Named & { readonly buckets?: readonly number[] }): HistogramMetric;
  /** The page of `/metrics`. */
  render(): Promise<{ readonly contentType: string; readonly body: string }>;
}

/** `process: true` adds the metrics of the Node process (memory, event loop lag, file descriptors). */
export const createMetrics = (options: { readonly process?: boolean } = {}): Metrics => {
  const registry = new Registry();
  if (options.process === true) collectDefaultMetrics({ register: registry });
  const known = new Map<string, unknown>();
  const once = <T>(name: string, make: () => T, isIt: (metric: unknown) => metric is T): T => {
    const existing = known.get(name);
    if (isIt(existing)) return existing;
    const made = make();
    known.set(name, made);
    return made;
  };
  const base = ({ name, help, labels }: Named) => ({
    name,
    help,
    labelNames: [...(labels ?? [])],
    registers: [registry],
  });

  return {
    counter: (metric) => {
      const counter = once(
        metric.name,
        () => new Counter(base(metric)),
        (it): it is Counter => it instanceof Counter,
      );
      return { inc: (labels = {}, by = 1) => counter.inc(labels, by) };
    },
    gauge: (metric) => {
      const { collect } = metric;
      const gauge = once(
        metric.name,
        () =>
          new Gauge({
            ...base(metric),
            ...(collect === undefined
              ? {}
              : {
                  async collect() {
                    this.set(await collect());
                  },
                }),
          }),
        (it): it is Gauge => it instanceof Gauge,
      );
      return { set: (value, labels = {}) => gauge.set(labels, value) };
    },
    histogram: (metric) => {
      const { buckets } = metric;
      const histogram = once(
        metric.name,
        () => new Histogram({ ...base(metric), ...(buckets === undefined ? {} : { buckets: [...buckets] }) }),
        (it): it is Histogram => it instanceof Histogram,
      );
      return { observe: (value, labels = {}) => histogram.observe(labels, value) };
    },
    render: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
};
