using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage;

namespace Bitacora.Server.Pages;

/// <summary>What the page shows: an answer, or what is wrong with the question.</summary>
internal sealed record PageAnswer
{
    public IReadOnlyList<LogRecord> Records { get; init; } = [];

    public IReadOnlyList<AnswerGroup> Groups { get; init; } = [];

    public AnswerEnd? End { get; init; }

    public LogQuery? Query { get; init; }

    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>The fault of the query or the range.</summary>
    public QuerySyntaxException? Syntax { get; init; }

    /// <summary>Any other reason why there is no answer.</summary>
    public string? Failure { get; init; }
}
