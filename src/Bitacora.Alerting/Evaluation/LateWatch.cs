using Bitacora.Query;
using Bitacora.Storage;

namespace Bitacora.Alerting.Evaluation;

/// <summary>
/// Finds the minutes to which records were added after they were judged: one count of all records by minute for all rules together,
/// compared with the count before. It looks before rules judge a minute, so that nothing falls between.
/// </summary>
internal sealed class LateWatch(CountReader reader, IStateStore states)
{
    private const string Key = "alerts/late";

    // Most late records are minutes late: those are looked for each time, those of the whole day every quarter of an hour.
    private const int Near = 60;
    private const int Rarely = 15;

    private readonly StateValue<LateState> _value = new(states, Key);

    /// <summary>What is known without looking: nothing where it cannot be read, for rules can be judged without.</summary>
    public async Task<LateState> KnownAsync(CancellationToken cancellationToken) =>
        (await _value.TryLoadAsync(cancellationToken).ConfigureAwait(false)).Value ?? new LateState();

    /// <summary>Looks at the minutes before one that is due. Where that fails, the next look makes up for it.</summary>
    public async Task<(LateState State, Completeness Completeness)> LookAsync(long due, CancellationToken cancellationToken)
    {
        var (state, version) = await _value.LoadAsync(cancellationToken).ConfigureAwait(false);
        if (state.Through > due + Minutes.MakeUp)
        {
            state.Restart();
        }

        if (due <= state.Through)
        {
            return (state, Completeness.Complete);
        }

        // A quarter that passed since, not one that ends now: who looks every five minutes may never meet one.
        var isRare = due / Rarely > state.Through / Rarely;
        var reach = state.Through == 0 || isRare || due - state.Through > Near - Rarely ? Minutes.LateHorizon : Near;
        var answer = await reader.AllAsync(due - reach, due, cancellationToken).ConfigureAwait(false);
        if (!answer.Completeness.IsComplete)
        {
            return (state, answer.Completeness);
        }

        Compare(state, due, reach, answer.Counts);
        if (await _value.TrySaveAsync(state, version, cancellationToken).ConfigureAwait(false))
        {
            return (state, Completeness.Complete);
        }

        return (await KnownAsync(cancellationToken).ConfigureAwait(false), Completeness.Complete);
    }

    private static void Compare(LateState state, long due, int reach, MinuteCounts counts)
    {
        var isFirst = state.Through == 0;
        for (var minute = due - reach; minute < due; minute++)
        {
            var count = counts.Window(GroupKeyText.Whole, minute + 1, 1);
            var isKnown = minute < state.Through;

            // The newest minute is judged after this look; those between were perhaps judged when a look had failed.
            var isLate = isKnown ? state.Counts.GetValueOrDefault(minute) != count : !isFirst && minute < due - 1;
            if (isLate)
            {
                state.Mark(minute);
            }

            if (count > 0)
            {
                state.Counts[minute] = count;
            }
            else
            {
                state.Counts.Remove(minute);
            }
        }

        state.Through = due;
        state.Marks.RemoveAll(mark => mark.Minute < due - Minutes.LateHorizon);
        foreach (var minute in state.Counts.Keys.Where(minute => minute < due - Minutes.LateHorizon).ToArray())
        {
            state.Counts.Remove(minute);
        }
    }
}
