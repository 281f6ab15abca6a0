namespace Bitacora.CassandraTests.Nodes;

/// <summary>What a test needs, or why it is skipped.</summary>
internal static class Servers
{
    private const string Reason = "no Cassandra: set CASSANDRA_HOME to a folder with bin/cassandra, or CASSANDRA_CONTACT_POINTS";

    public static void SkipWithout(bool available)
    {
        if (Environment.GetEnvironmentVariable(CassandraHome.Variable) is { Length: > 0 } home)
        {
            available.ShouldBeTrue($"CASSANDRA_HOME is {home}, where what this test needs was not found.");
        }

        Assert.SkipUnless(available, Reason);
    }

    /// <summary>The version for clusters of a test's own.</summary>
    public static CassandraHome Own()
    {
        SkipWithout(CassandraHome.Ordinary is not null);
        return CassandraHome.Ordinary!;
    }

    /// <summary>A version beside the ordinary one; only the versions found are asked for.</summary>
    public static CassandraHome Other()
    {
        SkipWithout(CassandraHome.Ordinary is not null);
        return CassandraHome.All.FirstOrDefault(home => home != CassandraHome.Ordinary) ?? CassandraHome.Ordinary!;
    }
}
