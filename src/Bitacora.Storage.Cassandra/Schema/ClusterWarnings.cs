using System.Globalization;
using Bitacora.Cql;
using Bitacora.Storage.Cassandra.Observing;

namespace Bitacora.Storage.Cassandra.Schema;

/// <summary>What of a cluster's settings somebody who keeps logs in it should know.</summary>
internal sealed class ClusterWarnings(CqlSession session, TimeProvider clock)
{
    private static readonly TimeSpan _skewWorthTelling = TimeSpan.FromSeconds(1);

    /// <summary>The settings that matter, as any node has them; the others should be the same.</summary>
    public async Task<IReadOnlyList<string>> OfSettingsAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ReadSettingsAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (CqlServerException e) when (e.Code == CqlErrorCode.Unauthorized)
        {
            return
            [
                "the settings of the nodes may not be read, so nothing is known of them: " +
                "GRANT SELECT ON KEYSPACE system_views TO the user.",
            ];
        }
    }

    /// <summary>How far the clocks of nodes are from this machine's; a sentence if that matters.</summary>
    public async Task<string?> OfClocksAsync(CancellationToken cancellationToken)
    {
        var worst = TimeSpan.Zero;
        for (var i = 0; i < Math.Min(session.Nodes.Count, 10); i++)
        {
            var (skew, roundTrip) = await ClockReading.TakeAsync(session, clock, cancellationToken).ConfigureAwait(false);
            var certain = skew.Duration() - (roundTrip / 2);
            if (certain > _skewWorthTelling && skew.Duration() > worst.Duration())
            {
                worst = skew;
            }
        }

        return worst == TimeSpan.Zero ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"a node's clock is {worst.Duration().TotalSeconds:0.#} s {(worst > TimeSpan.Zero ? "ahead of" : "behind")} this machine's: " +
            $"have both keep time by NTP.");
    }

    /// <summary>The cluster's time by whichever node answers.</summary>
    public async Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken) =>
        clock.GetUtcNow() + (await ClockReading.TakeAsync(session, clock, cancellationToken).ConfigureAwait(false)).Offset;

    private async Task<IReadOnlyList<string>> ReadSettingsAsync(CancellationToken cancellationToken)
    {
        (string Name, string Value, string Consequence)[] guardrails =
        [
            ("partition_size_warn_threshold", "100MiB", "partitions that grow too wide are not reported"),
            ("data_disk_usage_percentage_warn_threshold", "70", "nothing is said before a disk is full"),
            ("data_disk_usage_percentage_fail_threshold", "85", "writes are taken until a disk is full, and compaction fails then"),
        ];
        var settings = await Settings.ReadAsync(
            session, null, cancellationToken, ["commitlog_sync", .. guardrails.Select(guardrail => guardrail.Name)]).ConfigureAwait(false);
        var warnings = new List<string>();
        if (settings.GetValueOrDefault("commitlog_sync") == "periodic")
        {
            warnings.Add(
                "commitlog_sync is periodic: a node that is killed forgets writes of its last period that it had acknowledged. Servers " +
                "send the records of that time again; 'commitlog_sync: group' closes the gap in Cassandra itself.");
        }

        foreach (var (name, value, consequence) in guardrails)
        {
            // A version that does not know the guardrail has no such setting.
            if (settings.GetValueOrDefault(name) is "" or "null" or "-1")
            {
                warnings.Add($"the guardrail {name} is off: {consequence}. Suggested: '{name}: {value}'.");
            }
        }

        return warnings;
    }
}
