using Bitacora.Cql;
using Bitacora.Storage.Cassandra;
using Bitacora.Storage.Cassandra.Schema;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bitacora.Benchmarks.Cassandra;

/// <summary>A keyspace of the benchmark's own, made anew, and the store on it.</summary>
internal sealed class ClusterKeyspace(string address, string name, string work) : IAsyncDisposable
{
    private readonly string _directory = Path.Combine(work, name);

    public CqlOptions Options { get; } = new() { ContactPoints = [address], RequestTimeout = TimeSpan.FromSeconds(60) };

    public string Name => name;

    public CqlSession Session { get; private set; } = null!;

    /// <param name="isIndexed">Whether the indexes of the profile compat are made.</param>
    /// <param name="layout">Minutes of a bucket and shards, for both layers; null: the default.</param>
    public async Task CreateAsync(bool isIndexed, (int Minutes, int Shards)? layout = null)
    {
        Session = await CqlSession.ConnectAsync(Options);
        await Session.QueryAsync($"DROP KEYSPACE IF EXISTS {name}");
        await Session.QueryAsync(
            $"CREATE KEYSPACE {name} WITH replication = {{'class': 'NetworkTopologyStrategy', '{Session.LocalDatacenter}': 1}}");
        foreach (var table in LogTables.All)
        {
            await Session.QueryAsync(table.Create(name, TimeSpan.FromDays(90)));
        }

        foreach (var column in isIndexed ? (string[])["log_date", "level", "logger", "source", "request_id"] : [])
        {
            await Session.QueryAsync($"CREATE INDEX ON {name}.application_logs ({column}) USING 'sai'");
        }

        foreach (var layer in layout is null ? (string[])[] : ["application", "infrastructure"])
        {
            await Session.QueryAsync(
                $"INSERT INTO {name}.layouts (layer, valid_from, bucket_minutes, shards, made_by) VALUES " +
                $"('{layer}', 0, {layout!.Value.Minutes}, {layout.Value.Shards}, 'bench')");
        }

        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    public async Task<CassandraLogStore> OpenAsync()
    {
        var store = CassandraLogStore.Open(
            new CassandraStoreOptions { Cluster = Options, Keyspace = name, Directory = _directory, ResendWindow = TimeSpan.Zero },
            TimeProvider.System, NullLogger.Instance);
        await store.WaitForClusterAsync(CancellationToken.None);
        return store;
    }

    public async ValueTask DisposeAsync() => await Session.DisposeAsync();
}
