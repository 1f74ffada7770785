import { context, propagation, SpanKind, SpanStatusCode, trace, type Attributes } from '@opentelemetry/api';

const tracer = trace.getTracer('parley');

interface SpanDescription {
  readonly name: string;
  readonly kind: 'server' | 'client' | 'internal';
  /** Ids and names, never what people wrote. */
  readonly attributes?: Attributes;
  /** Headers of the call that this answers: its span is the parent. */
  readonly from?: object;
}

const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL };

let isTracing = false;

/**
 * Sends spans by OTLP over HTTP when OTEL_EXPORTER_OTLP_ENDPOINT (or …_TRACES_ENDPOINT) is set; else nothing of the SDK
 * is loaded. The other OTEL_ variables are as OpenTelemetry says. Call it before anything is traced.
 * @param name of the service
 */
export async function startTracing(
  name: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ close(): Promise<void> }> {
  if (!env['OTEL_EXPORTER_OTLP_ENDPOINT'] && !env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']) {
    return { close: () => Promise.resolve() };
  }
  const [sdk, { OTLPTraceExporter }, { AsyncLocalStorageContextManager }, { W3CTraceContextPropagator }, resources] =
    await Promise.all([
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/context-async-hooks'),
      import('@opentelemetry/core'),
      import('@opentelemetry/resources'),
    ]);
  const attributes = { 'service.name': env['OTEL_SERVICE_NAME'] ?? name, 'process.pid': process.pid };
  const provider = new sdk.TracerProvider({
    resource: resources.defaultResource().merge(resources.resourceFromAttributes(attributes)),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  isTracing = true;
  return { close: () => provider.shutdown() };
}

/**
 * What `work` does and asks of others is one span; without tracing it is just done. `work` may be told to name how it
 * ended: `ok`, or the code of a refusal, which is no failure of the span's.
 */
export async function traced<Result>(
  { name, kind, attributes = {}, from }: SpanDescription,
  work: (note: (code: string) => void) => Promise<Result>,
): Promise<Result> {
  if (!isTracing) return work(() => undefined);
  const parent = from === undefined ? context.active() : propagation.extract(context.active(), from);
  return tracer.startActiveSpan(name, { kind: KINDS[kind], attributes }, parent, async (span) => {
    try {
      return await work((code) => span.setAttribute('parley.code', code));
    } catch (error) {
      // Its type only: a message may name what it was about.
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'error' });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** For a call to another process, so that its span is a child of the one that is under way here. */
export function traceHeaders(): Record<string, string> {
  const headers: Record<string, string> = {};
  if (isTracing) propagation.inject(context.active(), headers);
  return headers;
}
