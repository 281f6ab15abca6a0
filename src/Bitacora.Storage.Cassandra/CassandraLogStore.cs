using System.Runtime.CompilerServices;
using Bitacora.Cql;
using Bitacora.Delivery;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage.Cassandra.Reading;
using Bitacora.Storage.Cassandra.Schema;
using Bitacora.Storage.Cassandra.Writing;
using Microsoft.Extensions.Logging;

namespace Bitacora.Storage.Cassandra;

/// <summary>
/// Records on a Cassandra cluster, which several servers may share. A batch is visible to this store's queries at once, to others about a
/// second later. The write-ahead log in front of it keeps everything until the cluster has it for good.
/// </summary>
/// <remarks>
/// It opens while the cluster is away: batches are taken until memory is full, queries are partial and say why. Appending is for one caller
/// at a time, in ascending order of the batches' numbers; everything else is safe from any thread.
/// </remarks>
public sealed class CassandraLogStore : ILogStore
{
    private readonly CassandraStoreOptions _options;
    private readonly TimeProvider _clock;
    private readonly DirectoryLock _lock;
    private readonly GroupJournal _journal;
    private readonly ClusterConnection _connection;
    private readonly Gatherer _gatherer;
    private readonly SettlingQueue _settling;
    private readonly GroupWriter _writer;
    private readonly ResendLoop _resend;
    private readonly QueryEngine _queries;
    private readonly HeldAnswers _answers = new();

    private CassandraLogStore(
        CassandraStoreOptions options, DirectoryLock held, GroupJournal journal, string writer, TimeProvider clock, ILogger logger)
    {
        (_options, _lock, _journal, _clock) = (options, held, journal, clock);
        UsedThrough = journal.UsedThrough;
        _connection = new ClusterConnection(options, clock, logger);
        _gatherer = new Gatherer(journal.Unsettled(), options.PendingBytes, clock);
        _settling = new SettlingQueue(journal, options.ReadBack is null, clock, logger);
        _writer = new GroupWriter(options, _connection, _gatherer, journal, _settling, writer, clock, logger);
        _resend = new ResendLoop(_connection, _settling, _writer, options.ReadBack, clock, logger);
        _queries = new QueryEngine(options, _connection, _gatherer, writer, clock);
    }

    /// <inheritdoc/>
    public ulong DurableThrough => _settling.DurableThrough;

    /// <inheritdoc/>
    public ulong UsedThrough { get; }

    /// <summary>
    /// How many records wait before this store, in a write-ahead log: answers say that they lack them. Default: none.
    /// </summary>
    public Func<long> WaitingBefore
    {
        get => _queries.WaitingBefore;
        set => _queries.WaitingBefore = value;
    }

    /// <summary>Opens the store; the cluster is looked for in the background.</summary>
    /// <exception cref="DataDirectoryInUseException">Another process has the directory.</exception>
    /// <exception cref="IOException">The directory cannot be used.</exception>
    public static CassandraLogStore Open(CassandraStoreOptions options, TimeProvider clock, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(logger);
        Directory.CreateDirectory(options.Directory);
        var held = DirectoryLock.Acquire(options.Directory, clock);
        GroupJournal? journal = null;
        try
        {
            journal = GroupJournal.Open(options.Directory);
            return new CassandraLogStore(options, held, journal, WriterOf(journal), clock, logger);
        }
        catch
        {
            journal?.Dispose();
            held.Dispose();
            throw;
        }
    }

    /// <summary>Whether a cluster can be reached and has the tables of the store.</summary>
    /// <param name="cluster">How to reach it.</param>
    /// <param name="keyspace">The keyspace.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CqlServerException">The keyspace or a table is missing, or has other columns.</exception>
    /// <exception cref="CqlException">The cluster cannot be reached.</exception>
    public static async Task CheckAsync(CqlOptions cluster, string keyspace, TimeProvider clock, CancellationToken cancellationToken)
    {
        var options = new CassandraStoreOptions { Cluster = cluster, Keyspace = keyspace, Directory = "" };
        await (await ClusterLink.OpenAsync(options, clock, cancellationToken).ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Completes when the cluster is reached for the first time.</summary>
    public async Task WaitForClusterAsync(CancellationToken cancellationToken) =>
        await _connection.LinkAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>The state store of the same keyspace, as soon as the cluster is reached.</summary>
    public async ValueTask<IStateStore> StateAsync(CancellationToken cancellationToken) => new CassandraStateStore(
        (await _connection.LinkAsync(cancellationToken).ConfigureAwait(false)).Session, _options.Keyspace, _clock);

    /// <inheritdoc/>
    public ValueTask<Task<IReadOnlyList<RefusedRecord>>> AppendAsync(RecordBatch batch, ulong sequence, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return _gatherer.AddAsync(batch, sequence, cancellationToken);
    }

    /// <summary>Writes what was taken without waiting for more, and completes when the cluster has it.</summary>
    public Task FlushAsync(CancellationToken cancellationToken) => _gatherer.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<AnswerPart> QueryAsync(
        LogQuery query, QueryOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(options);
        var answer = new ReadyAnswer(query, await _queries.AnswerAsync(query, options, cancellationToken).ConfigureAwait(false));
        foreach (var part in answer.Read(_answers))
        {
            yield return part;
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<AnswerPart> TailAsync(LogQuery query, TailOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(options);
        return new Tail(_options, _queries, query, options.From, _clock).ReadAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<StoreStatus> QuickStatusAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(new StatusReader(_options, _connection, _queries, Problems()).ReadQuickly(_gatherer.Snapshot()));
    }

    /// <inheritdoc/>
    public ValueTask<StoreStatus> StatusAsync(CancellationToken cancellationToken) =>
        new StatusReader(_options, _connection, _queries, Problems()).ReadAsync(_clock, cancellationToken);

    /// <summary>What the cluster says about itself; takes some seconds (<see cref="ClusterReport.ReadAsync"/>).</summary>
    /// <returns>The report; null while the cluster has not been reached.</returns>
    public async Task<ClusterReport?> ReportAsync(CancellationToken cancellationToken) => _connection.Current is { } link
        ? await ClusterReport.ReadAsync(link.Session, _options.Keyspace, _clock, cancellationToken).ConfigureAwait(false)
        : null;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<FieldSummary>> FieldsAsync(TimeRange range, CancellationToken cancellationToken) =>
        new FieldList(_queries, range, _clock).ReadAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<OriginPositions>> PositionsAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(_journal.Positions(RecordTime.Now(_clock) - KnowOriginsFor.Ticks));
    }

    /// <summary>Deletes nothing: rows end by their table's time to live, which <c>bitacora schema plan</c> changes.</summary>
    public ValueTask<RetentionReport> DeleteOlderThanAsync(long before, bool dryRun, CancellationToken cancellationToken) =>
        new(new RetentionReport([], 0, 0, dryRun));

    /// <inheritdoc/>
    public async Task WaitUntilDurableBeyondAsync(ulong sequence, CancellationToken cancellationToken)
    {
        while (true)
        {
            var settled = _settling.Settled;
            if (_settling.DurableThrough > sequence)
            {
                return;
            }

            await settled.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Stops writing. What the cluster does not have stays in the write-ahead log.</summary>
    public async ValueTask DisposeAsync()
    {
        await _resend.DisposeAsync().ConfigureAwait(false);
        await _writer.DisposeAsync().ConfigureAwait(false);
        await _connection.DisposeAsync().ConfigureAwait(false);
        _queries.Dispose();
        _journal.Dispose();
        _lock.Dispose();
    }

    private static TimeSpan KnowOriginsFor { get; } = TimeSpan.FromDays(8);

    /// <summary>This directory's name in manifests: the same after a restart.</summary>
    private static string WriterOf(GroupJournal journal)
    {
        if (journal.Mark("writer") is { } known)
        {
            return known;
        }

        var writer = $"{Environment.MachineName}/{Guid.NewGuid():N}";
        journal.SetMark("writer", writer);
        return writer;
    }

    private IEnumerable<string> Problems()
    {
        if (_connection.Fault is { } away)
        {
            yield return $"The cluster cannot be used: {away}";
        }

        if (_writer.Fault is { } writing)
        {
            yield return writing;
        }
    }
}
