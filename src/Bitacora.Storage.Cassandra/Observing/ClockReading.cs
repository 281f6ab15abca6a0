using Bitacora.Cql;

namespace Bitacora.Storage.Cassandra.Observing;

/// <summary>The cluster's clock beside this machine's.</summary>
internal static class ClockReading
{
    private static readonly CqlRequestOptions _options = new() { Consistency = Consistency.One, IsIdempotent = true };

    /// <summary>How much later it is in the cluster, and how long that reading took: of several the median.</summary>
    public static async Task<(TimeSpan Offset, TimeSpan RoundTrip)> MedianAsync(
        CqlSession session, TimeProvider clock, int readings, CancellationToken cancellationToken)
    {
        var taken = new (TimeSpan Offset, TimeSpan RoundTrip)[readings];
        for (var i = 0; i < readings; i++)
        {
            taken[i] = await TakeAsync(session, clock, cancellationToken).ConfigureAwait(false);
        }

        Array.Sort(taken);
        return taken[readings / 2];
    }

    /// <summary>One reading, by whichever node answers.</summary>
    public static async Task<(TimeSpan Offset, TimeSpan RoundTrip)> TakeAsync(
        CqlSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (sent, start) = (clock.GetUtcNow(), clock.GetTimestamp());
        using var result = await session.QueryAsync(
            "SELECT toUnixTimestamp(now()) FROM system.local", _options, cancellationToken).ConfigureAwait(false);
        var roundTrip = clock.GetElapsedTime(start);
        foreach (var row in result)
        {
            var there = DateTimeOffset.FromUnixTimeMilliseconds(row[0].GetInt64());
            return (there - (sent + (roundTrip / 2)), roundTrip);
        }

        throw new InvalidDataException("The cluster gave no time.");
    }
}
