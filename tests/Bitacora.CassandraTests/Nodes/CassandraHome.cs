using System.Text.RegularExpressions;

namespace Bitacora.CassandraTests.Nodes;

/// <summary>A Cassandra that can be started: a folder with <c>bin/cassandra</c>, as Apache's archive unpacks.</summary>
public sealed partial record CassandraHome(string Folder, string Version)
{
    public const string Variable = "CASSANDRA_HOME";

    /// <summary>What <c>CASSANDRA_HOME</c> holds, the newest first: one version, or a folder with one folder a version.</summary>
    public static IReadOnlyList<CassandraHome> All { get; } = Find(Environment.GetEnvironmentVariable(Variable));

    /// <summary>What ordinary suites run on: <c>CASSANDRA_VERSION</c> (or its folder's name), else the newest found.</summary>
    public static CassandraHome? Ordinary { get; } = Environment.GetEnvironmentVariable("CASSANDRA_VERSION") is { Length: > 0 } wanted
        ? All.FirstOrDefault(home => home.Version == wanted || Path.GetFileName(home.Folder) == wanted)
        : All.Count > 0 ? All[0] : null;

    internal static CassandraHome[] Find(string? folder)
    {
        if (string.IsNullOrEmpty(folder))
        {
            return [];
        }

        string[] candidates = File.Exists(Path.Combine(folder, "bin", "cassandra")) ? [folder]
            : Directory.Exists(folder) ? Directory.GetDirectories(folder) : [];
        var homes = from candidate in candidates
                    where File.Exists(Path.Combine(candidate, "bin", "cassandra"))
                    let version = VersionOf(candidate)
                    orderby System.Version.Parse(version) descending
                    select new CassandraHome(Path.GetFullPath(candidate), version);
        return [.. homes];
    }

    private static string VersionOf(string home) =>
        Directory.EnumerateFiles(Path.Combine(home, "lib"), "*cassandra*.jar").Select(jar => Jar().Match(Path.GetFileName(jar)))
            .FirstOrDefault(match => match.Success)?.Groups["version"].Value
        ?? throw new InvalidOperationException($"{home}/lib has no apache-cassandra-VERSION.jar.");

    [GeneratedRegex(@"^(apache-cassandra|cassandra-all)-(?<version>\d+\.\d+(\.\d+)?)\.jar$", RegexOptions.ExplicitCapture)]
    private static partial Regex Jar();
}
