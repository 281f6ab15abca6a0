namespace Bitacora.Alerting.Evaluation;

/// <summary>
/// All that is remembered of a rule, in one value: what was raised and what is still to be told change together or not at all.
/// </summary>
internal sealed class RuleState : IStateFormat
{
    // A state value holds 1 MiB.
    public const int MaxWaiting = 200;

    public int Format { get; init; } = 1;

    /// <summary>What the rule counted when this was written.</summary>
    public string Definition { get; set; } = "";

    /// <summary>The last minute at whose end the rule was judged; 0 before the first.</summary>
    public long LastMinute { get; set; }

    /// <summary>The number of the last mark of late records that was heeded.</summary>
    public long LateThrough { get; set; }

    /// <summary>Minutes that were never judged, because nobody could for more than an hour.</summary>
    public long Skipped { get; set; }

    /// <summary>Notifications that a channel never took: for three days, or because too many waited. Counted once a channel.</summary>
    public long GivenUp { get; set; }

    /// <summary>By <see cref="GroupKeyText"/>.</summary>
    public Dictionary<string, GroupState> Groups { get; init; } = [];

    public List<OutboxEntry> Outbox { get; init; } = [];

    /// <summary>What is told if the rule is removed; null while it has no alert that was told.</summary>
    public RuleEnding? Ending { get; set; }

    /// <summary>The last that happened, oldest first.</summary>
    public List<HistoryEntry> History { get; init; } = [];

    /// <summary>
    /// Has a notification wait for channels. For each by itself, so that one that is away keeps no other back, only so many wait.
    /// </summary>
    /// <returns>The channels for which too many wait already; they are counted.</returns>
    public IReadOnlyList<string> Wait(AlertNotification notification, IEnumerable<string> channels, long now)
    {
        var full = new List<string>();
        var pending = new List<PendingDelivery>();
        foreach (var channel in channels)
        {
            if (CountWaiting(channel, isLeft: false) >= MaxWaiting)
            {
                full.Add(channel);
            }
            else
            {
                pending.Add(new PendingDelivery { Channel = channel });
            }
        }

        GivenUp += full.Count;
        if (pending.Count > 0)
        {
            Outbox.Add(new OutboxEntry { Notification = notification, Raised = now, Pending = pending });
        }

        return full;
    }

    /// <summary>
    /// Whether too many wait already for single receivers of a channel. Those who refuse must not use up the room of the others, so they
    /// have their own.
    /// </summary>
    public bool IsFullOfLeft(PendingDelivery pending) =>
        pending.Left is null && CountWaiting(pending.Channel, isLeft: true) >= MaxWaiting;

    /// <summary>Takes back to a minute what was remembered of later ones, because the clock was ahead: they will come again.</summary>
    public void TurnBack(long minute)
    {
        LastMinute = Math.Min(LastMinute, minute);
        foreach (var group in Groups.Values)
        {
            group.Seen = Math.Min(group.Seen, minute);
            group.HoldsSince = group.HoldsSince is { } since ? Math.Min(since, minute) : null;
            group.HeldAt = Math.Min(group.HeldAt, minute);
            group.Spans.RemoveAll(span => span.First > minute);
            foreach (var span in group.Spans)
            {
                span.Last = Math.Min(span.Last, minute);
            }

            if (group.Alert is { } alert)
            {
                alert.Since = Math.Min(alert.Since, minute);
                alert.Told = alert.Told is { } told ? Math.Min(told, minute) : null;
            }
        }
    }

    private int CountWaiting(string channel, bool isLeft) =>
        Outbox.Count(entry => entry.Pending.Exists(one => one.Channel == channel && one.Left is not null == isLeft));
}
