using System.Globalization;

namespace Bitacora.Storage.Cassandra.Schema;

/// <summary>How a keyspace is replicated, as the map that Cassandra keeps.</summary>
internal static class Replication
{
    private const string Simple = "SimpleStrategy";
    private const string ByDatacenter = "NetworkTopologyStrategy";

    public static IReadOnlyDictionary<string, string> New(string datacenter, int factor) =>
        new Dictionary<string, string> { ["class"] = ByDatacenter, [datacenter] = Number(factor) };

    /// <summary>The replicas in a datacenter; null: none are said to be there.</summary>
    public static int? Factor(IReadOnlyDictionary<string, string> replication, string datacenter) =>
        replication.TryGetValue(Key(replication, datacenter), out var text)
            && int.TryParse(text.Split('/')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var factor)
            ? factor
            : null;

    /// <summary>The same with another number of replicas in a datacenter; the others keep theirs.</summary>
    public static IReadOnlyDictionary<string, string> With(
        IReadOnlyDictionary<string, string> replication, string datacenter, int factor) =>
        new Dictionary<string, string>(replication) { [Key(replication, datacenter)] = Number(factor) };

    /// <summary>As CQL and Python write it, the class by its short name and first.</summary>
    public static string Text(IReadOnlyDictionary<string, string> replication)
    {
        var rest = replication.Where(entry => entry.Key != "class").OrderBy(entry => entry.Key, StringComparer.Ordinal);
        var others = string.Concat(rest.Select(entry => $", '{Quoted(entry.Key)}': '{Quoted(entry.Value)}'"));
        return $"{{'class': '{Class(replication)}'{others}}}";
    }

    private static string Key(IReadOnlyDictionary<string, string> replication, string datacenter) =>
        Class(replication) == Simple ? "replication_factor" : datacenter;

    private static string Class(IReadOnlyDictionary<string, string> replication) =>
        Quoted(replication.GetValueOrDefault("class", "").Split('.')[^1]);

    private static string Quoted(string text) => text.Replace("'", "''", StringComparison.Ordinal);

    private static string Number(int factor) => factor.ToString(CultureInfo.InvariantCulture);
}
