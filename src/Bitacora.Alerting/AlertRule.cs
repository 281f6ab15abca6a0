namespace Bitacora.Alerting;

/// <summary>A rule: records that are counted in a window, and the condition at which somebody is told.</summary>
public sealed record AlertRule
{
    /// <summary>Its name, unique: letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, at most 64.</summary>
    public required string Name { get; init; }

    /// <summary>Which records count: a filter of the query language, without stages and without <c>time</c>.</summary>
    public required string Query { get; init; }

    /// <summary>The length of the window, whole minutes up to 24 h. Default 5 minutes.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>What the count must fulfil.</summary>
    public required AlertCondition Condition { get; init; }

    /// <summary>Fields by whose values records are counted apart, at most three; none: all together.</summary>
    public IReadOnlyList<string> By { get; init; } = [];

    /// <summary>How long the condition must hold before the rule fires, whole minutes up to 24 h. Default at once.</summary>
    public TimeSpan For { get; init; }

    /// <summary>How bad it is. Default <see cref="AlertSeverity.Warning"/>.</summary>
    public AlertSeverity Severity { get; init; } = AlertSeverity.Warning;

    /// <summary>After how long an alert that still holds is told again, whole minutes. Default 4 h.</summary>
    public TimeSpan Repeat { get; init; } = TimeSpan.FromHours(4);

    /// <summary>The names of the channels that are told; empty: all.</summary>
    public IReadOnlyList<string> Channels { get; init; } = [];

    /// <summary>An address where the reader finds what to do; or null.</summary>
    public string? Runbook { get; init; }

    /// <summary>What the owner wants to say about the rule, such as a team; goes with every message.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>The zone in which messages give times; null: that of the settings.</summary>
    public TimeZoneInfo? Zone { get; init; }

    /// <summary>What the rule counts, as one text: when it changes, what was judged before means nothing any more.</summary>
    internal string Definition => string.Join('\n', [Query, Window, Condition, For, .. By]);

    /// <summary>The fields by which a rule of a definition counted.</summary>
    internal static IReadOnlyList<string> ByOf(string definition) => [.. definition.Split('\n').Skip(4)];

    internal int WindowMinutes => (int)Window.TotalMinutes;

    internal int ForMinutes => (int)For.TotalMinutes;

    internal int RepeatMinutes => (int)Repeat.TotalMinutes;
}
