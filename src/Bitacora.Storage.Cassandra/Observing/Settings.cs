using System.Globalization;
using Bitacora.Cql;

namespace Bitacora.Storage.Cassandra.Observing;

/// <summary>A node's own settings, from <c>system_views.settings</c>.</summary>
internal static class Settings
{
    private static readonly (string Unit, double Milliseconds)[] _units =
        [("ns", 1e-6), ("us", 1e-3), ("µs", 1e-3), ("ms", 1), ("s", 1e3), ("m", 60e3), ("h", 3600e3), ("d", 86400e3)];

    /// <summary>The values of settings by name; those that this version does not know are left out.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(
        CqlSession session, CqlRequestOptions? options, CancellationToken cancellation, params string[] names)
    {
        var values = new Dictionary<string, string>();
        using var rows = await session.QueryAsync(
            $"SELECT name, value FROM system_views.settings WHERE name IN ('{string.Join("', '", names)}')", options, cancellation)
            .ConfigureAwait(false);
        foreach (var row in rows)
        {
            values[row[0].GetText()!] = row[1].GetText() ?? "";
        }

        return values;
    }

    public static async Task<CommitLogReport> CommitLogAsync(CqlSession session, CqlRequestOptions options, CancellationToken cancellation)
    {
        var values = await ReadAsync(
            session, options, cancellation, "commitlog_sync", "commitlog_sync_period", "commitlog_sync_group_window").ConfigureAwait(false);
        var sync = values.GetValueOrDefault("commitlog_sync", "");
        var period = sync switch
        {
            "periodic" => Milliseconds(values.GetValueOrDefault("commitlog_sync_period", "")),
            "group" => Milliseconds(values.GetValueOrDefault("commitlog_sync_group_window", "")),
            "batch" => 0,
            _ => null,
        };
        return new CommitLogReport(sync, period);
    }

    /// <summary>A duration as Cassandra writes it, <c>1000ms</c>; null if it is none.</summary>
    public static double? Milliseconds(string text)
    {
        foreach (var (unit, milliseconds) in _units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal) &&
                long.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return number * milliseconds;
            }
        }

        return null;
    }
}
