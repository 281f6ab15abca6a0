using System.Globalization;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage;

namespace Bitacora.Alerting.Evaluation;

/// <summary>Asks a store how many records each minute has.</summary>
/// <param name="ask">The store; it answers from roll-ups or manifests where it can.</param>
/// <param name="deadline">How long an answer may take before it is partial.</param>
internal sealed class CountReader(AskStore ask, TimeSpan deadline)
{
    private const string TimeColumn = "time";

    /// <summary>The counts of the windows of a rule that end from one minute to another, both included.</summary>
    public async Task<CountAnswer> WindowsAsync(AlertRule rule, long firstEnd, long lastEnd, CancellationToken cancellationToken)
    {
        // One window needs no minutes: fewer groups, and nothing is lost to their limit.
        var answer = await ReadAsync(
            rule.Query, rule.By, firstEnd - rule.WindowMinutes, lastEnd, firstEnd < lastEnd, cancellationToken).ConfigureAwait(false);
        if (answer.Completeness.IsComplete || firstEnd == lastEnd)
        {
            return answer;
        }

        // Groups times minutes may be more than an answer holds, where groups alone are not.
        return answer.Completeness.Reasons.All(IsTooMany)
            ? await WindowByWindowAsync(rule, firstEnd, lastEnd, cancellationToken).ConfigureAwait(false)
            : answer;
    }

    /// <summary>The counts of all records by minute, in the minutes from one to before another.</summary>
    public Task<CountAnswer> AllAsync(long from, long to, CancellationToken cancellationToken) =>
        ReadAsync("", [], from, to, true, cancellationToken);

    /// <summary>The counts of all records by <see cref="CountTable.Fields"/>, in the minutes from one to before another.</summary>
    public async Task<CountAnswer> KindsAsync(long from, long to, bool byMinute, CancellationToken cancellationToken)
    {
        if (!byMinute)
        {
            return await ReadAsync("", CountTable.Fields, from, to, false, cancellationToken).ConfigureAwait(false);
        }

        // Records are grouped by four fields at most, time among them: so each layer is asked for by itself.
        var counts = new MinuteCounts();
        var completeness = Completeness.Complete;
        foreach (var layer in new[] { "application", "infrastructure" })
        {
            var one = await ReadAsync($"layer:{layer}", CountTable.Fields[1..], from, to, true, cancellationToken).ConfigureAwait(false);
            completeness = completeness.And(one.Completeness);
            foreach (var group in one.Counts.Groups)
            {
                var kind = GroupKeyText.Of([layer, .. GroupKeyText.Values(group)]);
                foreach (var (minute, count) in one.Counts.MinutesOf(group))
                {
                    counts.Add(kind, minute, count);
                }
            }
        }

        return new CountAnswer(counts, completeness);
    }

    /// <summary>Whether an answer is partial because it would have had more groups than it may.</summary>
    public static bool IsTooMany(IncompleteReason reason) => reason.Code == "too-many-groups";

    public static string Parenthesised(string filter) => string.IsNullOrWhiteSpace(filter) ? "" : $"({filter})";

    private async Task<CountAnswer> WindowByWindowAsync(AlertRule rule, long firstEnd, long lastEnd, CancellationToken cancellationToken)
    {
        // Windows overlap: the first is read whole, of each further one the minute that it adds.
        var counts = new MinuteCounts();
        var completeness = Completeness.Complete;
        for (var minute = firstEnd - rule.WindowMinutes; minute < lastEnd; minute++)
        {
            var one = await ReadAsync(rule.Query, rule.By, minute, minute + 1, false, cancellationToken).ConfigureAwait(false);
            completeness = completeness.And(one.Completeness);
            foreach (var group in one.Counts.Groups)
            {
                counts.Add(group, minute, one.Counts.Window(group, minute + 1, 1));
            }
        }

        return new CountAnswer(counts, completeness);
    }

    private async Task<CountAnswer> ReadAsync(
        string filter, IReadOnlyList<string> by, long from, long to, bool byMinute, CancellationToken cancellationToken)
    {
        IEnumerable<string> keys = byMinute ? [.. by, $"{TimeColumn}(1m)"] : by;
        var text = $"{Parenthesised(filter)} | count" + (keys.Any() ? " by " + string.Join(", ", keys) : "");
        var query = QueryParser.Parse(text, new QueryContext
        {
            Now = RecordTime.ToDateTimeOffset(to * Minutes.Ticks),
            FromTicks = from * Minutes.Ticks,
            ToTicks = to * Minutes.Ticks,
        });
        var counts = new MinuteCounts();
        var completeness = Completeness.Partial("no-end", "the answer has no end");
        var options = new QueryOptions { Deadline = deadline };
        await foreach (var part in ask(query, options, cancellationToken).ConfigureAwait(false))
        {
            switch (part)
            {
                case AnswerGroup group:
                    // Without minutes everything counts as of the window's last minute.
                    var minute = byMinute ? MinuteOf(group.Values[by.Count]) : to - 1;
                    var count = Convert.ToInt64(group.Values[^1], CultureInfo.InvariantCulture);
                    counts.Add(GroupKeyText.Of(group.Values.Take(by.Count).Select(TextOf)), minute, count);
                    break;
                case AnswerEnd end:
                    completeness = end.Completeness;
                    break;
            }
        }

        return new CountAnswer(counts, completeness);
    }

    private static long MinuteOf(object? bucket) => Minutes.Of(RecordTime.From((DateTimeOffset)bucket!));

    private static string? TextOf(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) is { } text && value is not null
        ? text
        : null;
}
