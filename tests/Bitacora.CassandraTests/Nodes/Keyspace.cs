using Bitacora.Cql;

namespace Bitacora.CassandraTests.Nodes;

/// <summary>
/// A session, and a keyspace of a test's own with the table <c>t (id int PRIMARY KEY, name text)</c>; both are gone with the object.
/// </summary>
internal sealed class Keyspace : IAsyncDisposable
{
    private static int s_count;

    private Keyspace(CqlSession session, string name) => (Session, Name) = (session, name);

    public CqlSession Session { get; }

    public string Name { get; }

    public string Table => $"{Name}.t";

    public string Insert => $"INSERT INTO {Table} (id, name) VALUES (?, ?)";

    public static async Task<Keyspace> CreateAsync(
        IReadOnlyList<string> contactPoints, Func<CqlOptions, CqlOptions>? change = null, int replicas = 1)
    {
        var options = new CqlOptions { ContactPoints = contactPoints, ConnectTimeout = TimeSpan.FromSeconds(20) };
        var session = await CqlSession.ConnectAsync(change?.Invoke(options) ?? options);
        var name = $"test_{Environment.ProcessId}_{Interlocked.Increment(ref s_count)}";
        await session.QueryAsync($"CREATE KEYSPACE {name} WITH replication = " +
            $"{{'class': 'NetworkTopologyStrategy', 'datacenter1': {replicas}}}");
        var keyspace = new Keyspace(session, name);
        await keyspace.CreateTableAsync("t", "id int PRIMARY KEY, name text");
        return keyspace;
    }

    public async Task CreateTableAsync(string name, string definition) =>
        await Session.QueryAsync($"CREATE TABLE {Name}.{name} ({definition})");

    /// <summary>The ids that a query gives, over all its pages.</summary>
    public async Task<List<int>> IdsAsync(string cql, CqlRequestOptions? options = null)
    {
        var ids = new List<int>();
        await foreach (var page in Session.ReadPagesAsync(await Session.PrepareAsync(cql), default(NoValues), options))
        {
            ids.AddRange(Ids(page));
        }

        return ids;
    }

    public static List<int> Ids(CqlResult result)
    {
        var ids = new List<int>();
        foreach (var row in result)
        {
            ids.Add(row["id"].GetInt32());
        }

        return ids;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Session.QueryAsync($"DROP KEYSPACE {Name}");
        }
        catch (CqlException)
        {
            // A node that a failed test left away must not hide why it failed.
        }

        await Session.DisposeAsync();
    }
}
