namespace Bitacora.Records;

/// <summary>
/// One log event as an object, for the few that a person looks at; everywhere else records travel encoded
/// (<see cref="RecordBatch"/>). A missing field is null; named fields are never empty strings.
/// </summary>
public sealed class LogRecord
{
    /// <summary>The identity.</summary>
    public required RecordId Id { get; init; }

    /// <summary>The event's time in units of 100 ns since 1970, UTC: always the id's.</summary>
    public long Time => Id.Time;

    /// <summary>The level.</summary>
    public required Level Level { get; init; }

    /// <summary>The layer.</summary>
    public Layer Layer { get; init; }

    /// <summary>Service or daemon.</summary>
    public string? Source { get; init; }

    /// <summary>Category within the source.</summary>
    public string? Logger { get; init; }

    /// <summary>The host.</summary>
    public string? Host { get; init; }

    /// <summary>The rendered message.</summary>
    public string? Message { get; init; }

    /// <summary>The message template.</summary>
    public string? Template { get; init; }

    /// <summary>The exception with its causes.</summary>
    public string? Traceback { get; init; }

    /// <summary>Request id.</summary>
    public string? RequestId { get; init; }

    /// <summary>User id.</summary>
    public string? UserId { get; init; }

    /// <summary>Session id.</summary>
    public string? SessionId { get; init; }

    /// <summary>Trace id.</summary>
    public string? TraceId { get; init; }

    /// <summary>Span id.</summary>
    public string? SpanId { get; init; }

    /// <summary>Duration in milliseconds.</summary>
    public double? DurationMs { get; init; }

    /// <summary>Any other field, in the order in which the sender wrote them; names are unique.</summary>
    public IReadOnlyList<KeyValuePair<string, AttributeValue>> Attributes { get; init; } = [];

    /// <summary>A named text field, or null.</summary>
    public string? Text(NamedField field) => field switch
    {
        NamedField.Source => Source,
        NamedField.Logger => Logger,
        NamedField.Host => Host,
        NamedField.RequestId => RequestId,
        NamedField.UserId => UserId,
        NamedField.SessionId => SessionId,
        NamedField.TraceId => TraceId,
        NamedField.SpanId => SpanId,
        NamedField.Message => Message,
        NamedField.Traceback => Traceback,
        NamedField.Template => Template,
        _ => null,
    };
}
