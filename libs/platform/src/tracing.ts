import { context, propagation, SpanKind, SpanStatusCode, trace, type Attributes } from '@opentelemetry/api';

const tracer = trace.getTracer('parley');

interface SpanDescription {
  readonly name: string;
  readonly kind: 'server' | 'client' | 'internal';
  /** Ids and names, never text of users. */
  readonly attributes?: Attributes;
  /** Headers of the incoming call, whose span is the parent. */
  readonly from?: object;
}

const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL };

let isTracing = false;

/**
 * Sends spans by OTLP over HTTP when OTEL_EXPORTER_OTLP_ENDPOINT (or …_TRACES_ENDPOINT) is set; otherwise the SDK is not
 * loaded. The other OTEL_ variables have the meanings that OpenTelemetry defines. Call it before anything is traced.
 * @param name the service
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
 * Runs `work` in a span when tracing is on. `work` may report its result code, `ok` or that of a refusal; a refusal is not
 * an error of the span.
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
      // The type only: a message may contain text of users.
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'error' });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Headers for a call to another process, whose span becomes a child of the current one. */
export function traceHeaders(): Record<string, string> {
  const headers: Record<string, string> = {};
  if (isTracing) propagation.inject(context.active(), headers);
  return headers;
}
