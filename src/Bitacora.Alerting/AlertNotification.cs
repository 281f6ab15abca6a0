using System.Text.Json.Serialization;
using Bitacora.Alerting.Evaluation;

namespace Bitacora.Alerting;

/// <summary>What is to be told: groups of one rule that changed in one minute. It says all that a message needs; immutable.</summary>
public sealed record AlertNotification
{
    /// <summary>The <see cref="Problem"/> of a rule's last notification when the rule is no more.</summary>
    internal const string RuleRemoved = "the rule was removed";

    /// <summary>Its id, 16 hexadecimal digits: the same whenever and wherever it is sent again.</summary>
    public required string Id { get; init; }

    /// <summary>The rule's name.</summary>
    public required string Rule { get; init; }

    /// <summary>What it tells.</summary>
    public required AlertKind Kind { get; init; }

    /// <summary>How bad it is.</summary>
    public AlertSeverity Severity { get; init; }

    /// <summary>The rule's filter.</summary>
    public string Query { get; init; } = "";

    /// <summary>The rule's condition, as it is written.</summary>
    public string Condition { get; init; } = "";

    /// <summary>The fields that the values of groups belong to.</summary>
    public IReadOnlyList<string> By { get; init; } = [];

    /// <summary>The begin of the window, in units of 100 ns since 1970.</summary>
    public long From { get; init; }

    /// <summary>The end of the window, itself outside.</summary>
    public long To { get; init; }

    /// <summary>The groups, those with the most records first, at most <see cref="MaxGroups"/>.</summary>
    public IReadOnlyList<AlertedGroup> Groups { get; init; } = [];

    /// <summary>How many more groups there are.</summary>
    public int MoreGroups { get; init; }

    /// <summary>The matching records of all its groups.</summary>
    public long Matching { get; init; }

    /// <summary>The first and the last of them, oldest first, at most <see cref="MaxLines"/>.</summary>
    public IReadOnlyList<AlertLine> Lines { get; init; } = [];

    /// <summary>Why there are no lines, or not all, though records match; else null.</summary>
    public string? LinesProblem { get; init; }

    /// <summary>The zone in which its times are given; null: that of the settings.</summary>
    public string? Zone { get; init; }

    /// <summary>
    /// What a built-in alert, or the end of a rule that was removed, says instead of counts; else null. In English; messages for people
    /// say the second in their language.
    /// </summary>
    public string? Problem { get; init; }

    /// <summary>Where the reader finds what to do; or null.</summary>
    public string? Runbook { get; init; }

    /// <summary>The rule's labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>The most groups that one notification names.</summary>
    public const int MaxGroups = 50;

    /// <summary>The most lines that it shows.</summary>
    public const int MaxLines = 10;

    /// <summary>The query that finds exactly the records that it is about, between <see cref="From"/> and <see cref="To"/>.</summary>
    [JsonIgnore]
    public string Search => AlertSearch.Of(this);
}
