using Bitacora.Cql;
using Bitacora.Records;
using Bitacora.Storage.Cassandra.Partitioning;

namespace Bitacora.Storage.Cassandra.Schema;

/// <summary>A session with what the store needs to know of the cluster: prepared statements, layouts, lifetimes.</summary>
internal sealed class ClusterLink : IAsyncDisposable
{
    private static readonly TimeSpan LeastClockOffset = TimeSpan.FromSeconds(1);

    private readonly CassandraStoreOptions _options;
    private readonly TimeProvider _clock;
    private volatile Learnt _learnt;

    private ClusterLink(CqlSession session, Statements statements, Learnt learnt, CassandraStoreOptions options, TimeProvider clock)
    {
        (Session, Statements, _learnt, _options, _clock) = (session, statements, learnt, options, clock);
        Write = new CqlRequestOptions { Consistency = options.WriteConsistency, IsIdempotent = true };
        Read = new CqlRequestOptions { Consistency = options.ReadConsistency, IsIdempotent = true };
    }

    public CqlSession Session { get; }

    public Statements Statements { get; }

    /// <summary>How writes are executed; the timestamp comes with the batch.</summary>
    public CqlRequestOptions Write { get; }

    public CqlRequestOptions Read { get; }

    public LayoutList Layouts => _learnt.Layouts;

    /// <summary>How long ago the layouts were read.</summary>
    public TimeSpan LayoutAge => _clock.GetElapsedTime(_learnt.At);

    /// <summary>Whether long indexed terms must be cut.</summary>
    public bool IsIndexed => _learnt.IsIndexed;

    /// <summary>Two periods of the commit log, at least 20 s: for so long a killed node may lose what it acknowledged.</summary>
    public TimeSpan ResendWindow => _options.ResendWindow ?? _learnt.Facts?.ResendWindow ?? ClusterFacts.LeastResendWindow;

    /// <summary>
    /// How much later it is in the cluster than here, for write timestamps; zero up to a second, which is what readings and networks may
    /// be wrong by.
    /// </summary>
    public TimeSpan ClockOffset =>
        _learnt.Facts is { } facts && facts.ClockOffset.Duration() > LeastClockOffset ? facts.ClockOffset : TimeSpan.Zero;

    /// <summary>Whether the cluster said what its acknowledgements are worth, and how late it is there: not every user may ask.</summary>
    public bool KnowsFacts => _learnt.Facts is not null;

    /// <summary>How long records of a layer live, in seconds; 0: for ever.</summary>
    public int TimeToLive(Layer layer) => _learnt.TimesToLive[(int)layer];

    /// <exception cref="CqlException">The cluster cannot be reached, or its schema is missing.</exception>
    public static async Task<ClusterLink> OpenAsync(CassandraStoreOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        var session = await CqlSession.ConnectAsync(options.Cluster, cancellationToken).ConfigureAwait(false);
        try
        {
            var statements = await Statements.PrepareAsync(session, options.Keyspace, cancellationToken).ConfigureAwait(false);
            var learnt = await LearnAsync(session, statements, options, clock, cancellationToken).ConfigureAwait(false);
            return new ClusterLink(session, statements, learnt, options, clock);
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Reads layouts and lifetimes again.</summary>
    public async Task LearnAgainAsync(CancellationToken cancellationToken) =>
        _learnt = await LearnAsync(Session, Statements, _options, _clock, cancellationToken).ConfigureAwait(false);

    public ValueTask DisposeAsync() => Session.DisposeAsync();

    private static async Task<Learnt> LearnAsync(
        CqlSession session, Statements statements, CassandraStoreOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        var at = clock.GetTimestamp();
        var layouts = new List<Layout>[2];
        foreach (var layer in Enum.GetValues<Layer>())
        {
            layouts[(int)layer] = await ReadLayoutsAsync(session, statements, layer, cancellationToken).ConfigureAwait(false);
        }

        var keyspace = options.Keyspace;
        int[] times =
        [
            await TimeToLiveAsync(session, keyspace, LogTables.Application, cancellationToken).ConfigureAwait(false),
            await TimeToLiveAsync(session, keyspace, LogTables.Infrastructure, cancellationToken).ConfigureAwait(false),
        ];
        using var indexes = await session.QueryAsync(
            $"SELECT index_name FROM system_schema.indexes WHERE keyspace_name = '{keyspace}'", null, cancellationToken)
            .ConfigureAwait(false);
        var facts = await FactsAsync(session, clock, cancellationToken).ConfigureAwait(false);
        return new Learnt(at, new LayoutList(layouts[0], layouts[1]), times, indexes.RowCount > 0, facts);
    }

    /// <summary>Null where this user may not ask.</summary>
    private static async Task<ClusterFacts?> FactsAsync(CqlSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            return await ClusterFacts.ReadAsync(session, clock, cancellationToken).ConfigureAwait(false);
        }
        catch (CqlServerException e) when (e.Code == CqlErrorCode.Unauthorized)
        {
            return null;
        }
    }

    private static async Task<List<Layout>> ReadLayoutsAsync(
        CqlSession session, Statements statements, Layer layer, CancellationToken cancellationToken)
    {
        using var rows = await session.ExecuteAsync(
            statements.SelectLayouts, new LayerValue(layer), null, cancellationToken).ConfigureAwait(false);
        var layouts = new List<Layout>();
        foreach (var row in rows)
        {
            var layout = new Layout(row[0].GetUnixMilliseconds() * RecordTime.Millisecond, row[1].GetInt16(), row[2].GetInt16());
            if (!Layout.Lengths.Contains(layout.BucketMinutes) || layout.Shards is < 1 or > Layout.MaxShards)
            {
                throw new InvalidDataException(
                    $"The layout of {LayerNames.Of(layer)} from {RecordTime.Format(layout.ValidFrom)} has {layout.BucketMinutes} minutes " +
                    $"and {layout.Shards} shards, which this version does not know.");
            }

            layouts.Add(layout);
        }

        return layouts;
    }

    private static async Task<int> TimeToLiveAsync(CqlSession session, string keyspace, string table, CancellationToken cancellationToken)
    {
        using var rows = await session.QueryAsync(
            $"SELECT default_time_to_live FROM system_schema.tables WHERE keyspace_name = '{keyspace}' AND table_name = '{table}'",
            null, cancellationToken).ConfigureAwait(false);
        foreach (var row in rows)
        {
            return row[0].GetInt32();
        }

        return 0;
    }

    private sealed record Learnt(long At, LayoutList Layouts, int[] TimesToLive, bool IsIndexed, ClusterFacts? Facts);

    private readonly struct LayerValue(Layer layer) : ICqlValues
    {
        public void WriteTo(ref ValueWriter writer) => writer.WriteUtf8(LayerNames.Utf8(layer));
    }
}
