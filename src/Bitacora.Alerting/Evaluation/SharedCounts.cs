namespace Bitacora.Alerting.Evaluation;

/// <summary>
/// The counts of one evaluation. Rules that are decided by layer, level, source and logger share one question for each range that several
/// of them have; each other rule asks for itself. One caller at a time.
/// </summary>
internal sealed class SharedCounts
{
    private readonly CountReader _reader;
    private readonly Dictionary<string, CountedRule> _sharing = [];
    private readonly Dictionary<(long From, long To, bool IsByMinute), Task<CountTable?>> _tables = [];

    public SharedCounts(CountReader reader, IReadOnlyList<AlertRule> rules)
    {
        _reader = reader;
        var counted = from rule in rules
                      let one = CountedRule.Of(rule)
                      where one is not null
                      group (rule, one) by rule.Window;
        foreach (var (rule, one) in counted.Where(window => window.Count() > 1).SelectMany(window => window))
        {
            _sharing[rule.Name] = one;
        }
    }

    /// <summary>The counts of the windows of a rule that end from one minute to another, both included.</summary>
    public async Task<CountAnswer> WindowsAsync(AlertRule rule, long firstEnd, long lastEnd, CancellationToken cancellationToken)
    {
        if (_sharing.TryGetValue(rule.Name, out var one)
            && await TableAsync(firstEnd - rule.WindowMinutes, lastEnd, firstEnd < lastEnd, cancellationToken).ConfigureAwait(false)
                is { } table)
        {
            return table.Of(one);
        }

        return await _reader.WindowsAsync(rule, firstEnd, lastEnd, cancellationToken).ConfigureAwait(false);
    }

    private Task<CountTable?> TableAsync(long from, long to, bool isByMinute, CancellationToken cancellationToken)
    {
        if (!_tables.TryGetValue((from, to, isByMinute), out var table))
        {
            _tables[(from, to, isByMinute)] = table = ReadAsync(from, to, isByMinute, cancellationToken);
        }

        return table;
    }

    // Null where there are more kinds than an answer holds, of which a rule may want few.
    private async Task<CountTable?> ReadAsync(long from, long to, bool isByMinute, CancellationToken cancellationToken)
    {
        var answer = await _reader.KindsAsync(from, to, isByMinute, cancellationToken).ConfigureAwait(false);
        return answer.Completeness.Reasons.Any(CountReader.IsTooMany) ? null : new CountTable(answer);
    }
}
