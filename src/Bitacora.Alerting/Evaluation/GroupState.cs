namespace Bitacora.Alerting.Evaluation;

/// <summary>What a rule remembers of a group.</summary>
internal sealed class GroupState
{
    /// <summary>The last minute in which it had records.</summary>
    public long Seen { get; set; }

    /// <summary>The first minute of the run of minutes at which the condition has held; null while it does not.</summary>
    public long? HoldsSince { get; set; }

    /// <summary>The last minute at which it was seen to hold.</summary>
    public long HeldAt { get; set; }

    public OpenAlert? Alert { get; set; }

    /// <summary>Of the last 24 hours, oldest first.</summary>
    public List<AlertSpan> Spans { get; init; } = [];

    /// <summary>Whether nothing is worth remembering.</summary>
    public bool IsIdle => HoldsSince is null && Alert is null && Spans.Count == 0;
}
