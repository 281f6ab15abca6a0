namespace Bitacora.Client;

/// <summary>
/// Under which names values of log calls and scopes give fields of a record. Where several names of a list are there, the first of the list
/// gives the field and the others become attributes; of one name, the call's own value comes before an enricher's, that before the
/// innermost scope's. Names are case-sensitive.
/// </summary>
public sealed record EntryFieldNames
{
    /// <summary>The defaults.</summary>
    public static EntryFieldNames Default { get; } = new();

    /// <summary>The request's id. Without one, the trace's id is it.</summary>
    public IReadOnlyList<string> RequestId { get; init; } =
        ["RequestId", "request_id", "requestId", "CorrelationId", "correlation_id", "correlationId"];

    /// <summary>The user's id.</summary>
    public IReadOnlyList<string> UserId { get; init; } = ["UserId", "user_id", "userId", "user.id"];

    /// <summary>The session's id.</summary>
    public IReadOnlyList<string> SessionId { get; init; } = ["SessionId", "session_id", "sessionId", "session.id"];

    /// <summary>The duration: a number of milliseconds, or a <see cref="TimeSpan"/>. Other values stay attributes.</summary>
    public IReadOnlyList<string> DurationMs { get; init; } =
        ["duration_ms", "DurationMs", "durationMs", "ElapsedMilliseconds", "ElapsedMs", "elapsedMs", "elapsed_ms"];
}
