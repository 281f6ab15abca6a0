namespace Bitacora.Alerting.Tests;

/// <summary>What a rule should say, counted from scratch at each minute.</summary>
/// <param name="rule">The rule.</param>
/// <param name="records">Minute and logger of each record.</param>
internal sealed class AlertModel(AlertRule rule, IReadOnlyList<(int Minute, string? Logger)> records)
{
    public IEnumerable<string?> Groups => rule.By.Count == 0 ? [null] : records.Select(record => record.Logger).Distinct();

    public long Count(string? group, int end) => records.Count(record =>
        record.Minute >= end - (int)rule.Window.TotalMinutes && record.Minute < end && (rule.By.Count == 0 || record.Logger == group));

    /// <summary>Whether a rule that was judged from a minute on fires at another, or goes on to hold.</summary>
    public bool IsFiring(string? group, int end, int firstJudged)
    {
        for (var minute = end; minute >= end - (int)rule.For.TotalMinutes; minute--)
        {
            if (minute < firstJudged || !IsAwaited(group, minute, firstJudged) || !rule.Condition.Holds(Count(group, minute)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Everything that is told from a minute on, in ordinal order.</summary>
    public List<string> Told(int firstJudged, int lastJudged, long from)
    {
        var told = new List<string>();
        foreach (var group in Groups)
        {
            for (var minute = firstJudged; minute <= lastJudged; minute++)
            {
                var was = minute > firstJudged && IsFiring(group, minute - 1, firstJudged);
                var isNow = IsFiring(group, minute, firstJudged);
                if (was != isNow && minute >= from)
                {
                    told.Add($"{minute} {(isNow ? AlertKind.Fired : AlertKind.Resolved)} {group} {Count(group, minute)}");
                }
            }
        }

        return [.. told.Order(StringComparer.Ordinal)];
    }

    // Of a group whose first record is yet to come nothing is known, nor of one that ended before the rule began: it cannot be absent.
    private bool IsAwaited(string? group, int end, int firstJudged) => rule.By.Count == 0 || records.Any(record =>
        record.Logger == group && record.Minute < end && record.Minute >= firstJudged - (int)rule.Window.TotalMinutes);
}
