using Bitacora.CassandraTests.Nodes;
using Bitacora.Cql;
using Bitacora.Storage.Cassandra;

namespace Bitacora.CassandraTests.Schema;

/// <summary>A name for a keyspace that does not exist yet, and a session beside set-up's own; dropped with the object.</summary>
internal sealed class SchemaKeyspace : IAsyncDisposable
{
    private static int s_count;

    private SchemaKeyspace(CqlOptions cluster, CqlSession session)
    {
        Cluster = cluster;
        Session = session;
        Name = $"schema_{Environment.ProcessId}_{Interlocked.Increment(ref s_count)}";
    }

    public CqlOptions Cluster { get; }

    public CqlSession Session { get; }

    public string Name { get; }

    public SchemaOptions Options => new() { Keyspace = Name };

    public static async Task<SchemaKeyspace> CreateAsync(IReadOnlyList<string> contactPoints)
    {
        var options = new CqlOptions { ContactPoints = contactPoints, ConnectTimeout = TimeSpan.FromSeconds(20) };
        return new SchemaKeyspace(options, await CqlSession.ConnectAsync(options));
    }

    /// <summary>On a node whose version has the indexes of the profile compat; skips the test on others.</summary>
    public static async Task<SchemaKeyspace> WithIndexesAsync(OrdinaryNode node)
    {
        var keyspace = await CreateAsync(await node.ContactPointsAsync());
        if (keyspace.Version.StartsWith('4'))
        {
            await keyspace.Session.DisposeAsync();
            Assert.Skip("this version of Cassandra has no indexes of the profile compat");
        }

        return keyspace;
    }

    public string Version => Session.Nodes[0].ReleaseVersion;

    public async Task<List<string>> SetUpAsync(SchemaOptions? options = null)
    {
        var lines = new List<string>();
        await CassandraSchema.SetUpAsync(Cluster, options ?? Options, lines.Add);
        return lines;
    }

    public async Task<List<string>> PlanAsync(SchemaOptions? options = null)
    {
        var lines = new List<string>();
        await CassandraSchema.PlanAsync(Cluster, options ?? Options, lines.Add);
        return lines;
    }

    public async Task<List<string>> ApplyAsync(SchemaOptions? options = null)
    {
        var lines = new List<string>();
        await CassandraSchema.ApplyAsync(Cluster, options ?? Options, lines.Add);
        return lines;
    }

    public Task<IReadOnlyList<SchemaDifference>> VerifyAsync(SchemaOptions? options = null) =>
        CassandraSchema.VerifyAsync(Cluster, options ?? Options);

    public async Task CreateAsync() => await Session.QueryAsync(
        $"CREATE KEYSPACE {Name} WITH replication = {{'class': 'NetworkTopologyStrategy', '{Session.LocalDatacenter}': 1}}");

    /// <summary>Everything that Cassandra knows of the keyspace's schema, ids included, and what set-up notes in it.</summary>
    public async Task<List<string>> FingerprintAsync()
    {
        var rows = new List<string>();
        foreach (var table in (string[])["keyspaces", "tables", "columns", "indexes"])
        {
            rows.AddRange(await RowsAsync($"SELECT * FROM system_schema.{table} WHERE keyspace_name = '{Name}'"));
        }

        if (rows.Any(row => row.Contains("TEXT state", StringComparison.Ordinal)))
        {
            rows.AddRange(await RowsAsync($"SELECT * FROM {Name}.state"));
            rows.AddRange(await RowsAsync($"SELECT * FROM {Name}.layouts"));
        }

        return rows;
    }

    /// <summary>The rows of a query: texts as they are, other values by their bytes.</summary>
    public async Task<List<string>> RowsAsync(string cql)
    {
        using var result = await Session.QueryAsync(cql);
        var rows = new List<string>();
        foreach (var row in result)
        {
            var cells = new List<string>();
            for (var i = 0; i < row.Count; i++)
            {
                cells.Add(row[i].Type.Code == CqlTypeCode.Text ? "TEXT " + row[i].GetText() : Convert.ToHexString(row[i].Raw));
            }

            rows.Add(string.Join('|', cells));
        }

        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Session.QueryAsync($"DROP KEYSPACE IF EXISTS {Name}");
        }
        catch (CqlException)
        {
            // A node that a failed test left away must not hide why it failed.
        }

        await Session.DisposeAsync();
    }
}
