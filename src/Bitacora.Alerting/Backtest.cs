using Bitacora.Alerting.Evaluation;
using Bitacora.Query;

namespace Bitacora.Alerting;

/// <summary>Judges a rule over the past with the code that judges the present. Nothing is remembered and nobody is told.</summary>
/// <param name="ask">The records.</param>
public sealed class Backtest(AskStore ask)
{
    // As much as one answer's groups allow for some hundred groups; all of a week in 42 questions.
    private const int Chunk = 4 * 60;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>Judges every minute of a range.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="range">The range; the ends of windows lie in it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<BacktestResult> RunAsync(AlertRule rule, TimeRange range, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var (first, last) = (Minutes.Of(range.From) + 1, Minutes.Of(range.To));
        var reader = new CountReader(ask, Deadline);
        var judge = new RuleJudge(rule, new RuleState(), isSilenced: false);
        var completeness = Completeness.Complete;
        for (var begin = first; begin <= last; begin += Chunk)
        {
            var end = Math.Min(begin + Chunk - 1, last);
            var answer = await reader.WindowsAsync(rule, begin, end, cancellationToken).ConfigureAwait(false);
            completeness = completeness.And(answer.Completeness);
            for (var minute = begin; minute <= end; minute++)
            {
                judge.Judge(minute, answer.Counts, answer.Completeness.IsComplete);
            }

            judge.Forget(end);
        }

        return new BacktestResult(
            [
                .. judge.Changes.Select(change => new AlertEvent(
                    change.Minute * Minutes.Ticks, rule.Name, change.Kind, GroupKeyText.Values(change.Group), change.Count, change.AlertId,
                    false)),
            ],
            (int)Math.Max(0, last - first + 1),
            completeness);
    }
}
