namespace Bitacora.Alerting.Evaluation;

/// <summary>
/// All that is remembered of a rule, in one value: what was raised and what is still to be told change together or not at all.
/// </summary>
internal sealed class RuleState
{
    public int Format { get; init; } = 1;

    /// <summary>What the rule counted when this was written.</summary>
    public string Definition { get; set; } = "";

    /// <summary>The last minute at whose end the rule was judged; 0 before the first.</summary>
    public long LastMinute { get; set; }

    /// <summary>The number of the last mark of late records that was heeded.</summary>
    public long LateThrough { get; set; }

    /// <summary>Minutes that were never judged, because nobody could for more than an hour.</summary>
    public long Skipped { get; set; }

    /// <summary>Notifications that no channel took within three days, counted once a channel.</summary>
    public long GivenUp { get; set; }

    /// <summary>By <see cref="GroupKeyText"/>.</summary>
    public Dictionary<string, GroupState> Groups { get; init; } = [];

    public List<OutboxEntry> Outbox { get; init; } = [];

    /// <summary>The last that happened, oldest first.</summary>
    public List<HistoryEntry> History { get; init; } = [];
}
