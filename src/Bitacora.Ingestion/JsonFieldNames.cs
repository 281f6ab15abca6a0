namespace Bitacora.Ingestion;

/// <summary>
/// Under which names JSON lines carry the fields of a record. A name with dots is also found in nested objects: <c>log.level</c> in
/// <c>{"log":{"level":…}}</c>. Where a line has several names of one list, the one that stands first in the list gives the field and the
/// others become attributes. Names are case-sensitive.
/// </summary>
public sealed record JsonFieldNames
{
    /// <summary>The defaults.</summary>
    public static JsonFieldNames Default { get; } = new();

    /// <summary>When it happened.</summary>
    public IReadOnlyList<string> Time { get; init; } =
    [
        "time", "timestamp", "@timestamp", "ts", "Timestamp", "datetime", "asctime", "eventTime", "record.time.repr", "created",
    ];

    /// <summary>The level, as a name or number.</summary>
    public IReadOnlyList<string> Level { get; init; } =
    [
        "level", "levelname", "log.level", "severity", "lvl", "loglevel", "log_level", "LogLevel", "Level", "severityText", "severity_text",
        "record.level.name", "levelno",
    ];

    /// <summary>The message.</summary>
    public IReadOnlyList<string> Message { get; init; } =
    [
        "message", "msg", "@message", "record.message", "Message", "RenderedMessage", "short_message", "event", "text", "log", "body",
    ];

    /// <summary>The exception with its causes.</summary>
    public IReadOnlyList<string> Traceback { get; init; } =
    [
        "traceback", "exc_info", "exception", "stack_trace", "stacktrace", "stack", "exc_text", "error.stack_trace", "error.stack",
        "err.stack",
        "exception.stacktrace", "exception.stack_trace", "exception.stack", "exception.traceback", "Exception",
    ];

    /// <summary>The message template.</summary>
    public IReadOnlyList<string> Template { get; init; } =
    [
        "template", "message_template", "messageTemplate", "MessageTemplate", "State.{OriginalFormat}",
    ];

    /// <summary>
    /// The category. <c>name</c> counts only in lines that Python's logging (<c>levelname</c>, <c>asctime</c>), pino or bunyan wrote:
    /// elsewhere it is an attribute.
    /// </summary>
    public IReadOnlyList<string> Logger { get; init; } =
    [
        "logger", "logger_name", "loggerName", "log.logger", "record.extra.logger", "category", "Category", "SourceContext", "LoggerName",
        "record.name", "name",
    ];

    /// <summary>Service or daemon.</summary>
    public IReadOnlyList<string> Source { get; init; } =
    [
        "source", "service.name", "service_name", "service", "application", "app", "Application",
    ];

    /// <summary>The host.</summary>
    public IReadOnlyList<string> Host { get; init; } = ["host", "hostname", "host.name", "host.hostname", "MachineName"];

    /// <summary>Request id.</summary>
    public IReadOnlyList<string> RequestId { get; init; } =
    [
        "request_id", "requestId", "RequestId", "req_id", "reqId", "http.request.id", "record.extra.request_id",
    ];

    /// <summary>User id.</summary>
    public IReadOnlyList<string> UserId { get; init; } = ["user_id", "userId", "UserId", "user.id", "record.extra.user_id"];

    /// <summary>Session id.</summary>
    public IReadOnlyList<string> SessionId { get; init; } =
        ["session_id", "sessionId", "SessionId", "session.id", "record.extra.session_id"];

    /// <summary>Trace id.</summary>
    public IReadOnlyList<string> TraceId { get; init; } =
    [
        "trace_id", "traceId", "TraceId", "trace.id", "otelTraceID", "record.extra.trace_id",
    ];

    /// <summary>Span id.</summary>
    public IReadOnlyList<string> SpanId { get; init; } = ["span_id", "spanId", "SpanId", "span.id", "otelSpanID", "record.extra.span_id"];

    /// <summary>The duration in milliseconds.</summary>
    public IReadOnlyList<string> DurationMs { get; init; } =
    [
        "duration_ms", "durationMs", "elapsed_ms", "elapsedMs", "ElapsedMilliseconds", "responseTime", "record.extra.duration_ms",
    ];

    /// <summary>The layer, <c>application</c> or <c>infrastructure</c>.</summary>
    public IReadOnlyList<string> Layer { get; init; } = ["layer"];

    /// <summary>Objects at the top of a line whose members are attributes under their own names.</summary>
    public IReadOnlyList<string> Attributes { get; init; } = ["metadata", "extra", "attributes"];
}
