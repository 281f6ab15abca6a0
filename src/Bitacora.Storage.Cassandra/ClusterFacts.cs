using Bitacora.Cql;
using Bitacora.Storage.Cassandra.Observing;

namespace Bitacora.Storage.Cassandra;

/// <summary>What a writer must know of a cluster: what its acknowledgements are worth, and how late it is there.</summary>
public sealed record ClusterFacts
{
    private const int ClockReadings = 5;

    /// <summary>What is known in advance: two periods of the default, and time to notice that a node went away.</summary>
    internal static TimeSpan LeastResendWindow { get; } = TimeSpan.FromSeconds(20);

    private static readonly CqlRequestOptions _anyNode = new()
    {
        Consistency = Consistency.One,
        IsIdempotent = true,
        Timeout = TimeSpan.FromSeconds(5),
    };

    /// <summary>The commit log of the least careful node: one that is periodic before one that is not, then the longest period.</summary>
    public required CommitLogReport CommitLog { get; init; }

    /// <summary>The versions of Cassandra that the nodes have, each once, in order.</summary>
    public required IReadOnlyList<string> ReleaseVersions { get; init; }

    /// <summary>
    /// How much later it is in the cluster than here; negative if earlier. The median of five readings, half the way there and back
    /// subtracted; good to a few milliseconds and half the <see cref="RoundTrip"/>.
    /// </summary>
    public required TimeSpan ClockOffset { get; init; }

    /// <summary>How long the reading took that <see cref="ClockOffset"/> is of.</summary>
    public required TimeSpan RoundTrip { get; init; }

    /// <summary>For so long a killed node may lose what it acknowledged: two periods of the commit log, at least 20 s.</summary>
    public TimeSpan ResendWindow =>
        TimeSpan.FromMilliseconds(2 * (CommitLog.PeriodMilliseconds ?? 0)) is var window && window > LeastResendWindow
            ? window
            : LeastResendWindow;

    /// <summary>Asks the nodes to which there are connections for their settings, and the cluster for its time.</summary>
    /// <param name="session">The cluster.</param>
    /// <param name="clock">This machine's time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CqlException">No node answered.</exception>
    public static async Task<ClusterFacts> ReadAsync(
        CqlSession session, TimeProvider clock, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(clock);
        var (offset, roundTrip) = await ClockReading.MedianAsync(session, clock, ClockReadings, cancellationToken).ConfigureAwait(false);
        return new ClusterFacts
        {
            CommitLog = await LeastCarefulAsync(session, cancellationToken).ConfigureAwait(false),
            ReleaseVersions = [.. session.Nodes.Select(node => node.ReleaseVersion).Distinct().Order(StringComparer.Ordinal)],
            ClockOffset = offset,
            RoundTrip = roundTrip,
        };
    }

    private static async Task<CommitLogReport> LeastCarefulAsync(CqlSession session, CancellationToken cancellationToken)
    {
        var connected = session.Nodes.Where(node => node.Connections > 0);
        var reports = await Task.WhenAll(connected.Select(node => TryReadAsync(session, node, cancellationToken))).ConfigureAwait(false);
        return reports.OfType<CommitLogReport>()
            .MaxBy(report => (!report.KeepsAcknowledged, report.PeriodMilliseconds ?? double.MaxValue)) ??
            await Settings.CommitLogAsync(session, _anyNode, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<CommitLogReport?> TryReadAsync(CqlSession session, CqlNode node, CancellationToken cancellationToken)
    {
        try
        {
            return await Settings.CommitLogAsync(session, _anyNode with { Node = node.HostId }, cancellationToken).ConfigureAwait(false);
        }
        catch (CqlException fault) when (fault.IsTransient)
        {
            // It went away just now: the others are asked.
            return null;
        }
    }
}
