using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Bitacora.Delivery;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage.Embedded.Engine;
using Bitacora.Storage.Embedded.Files;
using Bitacora.Storage.Embedded.MemTable;
using Bitacora.Storage.Embedded.Querying;
using Bitacora.Storage.Embedded.Retention;
using Bitacora.Storage.Embedded.Sealing;
using Bitacora.Storage.Embedded.Status;

namespace Bitacora.Storage.Embedded;

/// <summary>
/// The store of a single machine: records in memory until 65,536 of them are there, then in one DuckDB file per UTC day. The
/// write-ahead log stands in front of it; what is only in memory comes from there after a restart.
/// </summary>
/// <remarks>Appending is for one caller at a time; everything else is safe from any thread.</remarks>
public sealed class EmbeddedLogStore : ILogStore
{
    private const string FilesDirectory = "days";

    private readonly DirectoryLock _lock;
    private readonly EngineDatabase _engine;
    private readonly EngineConnection _sealConnection;
    private readonly FileCatalogue _files;
    private readonly UnsealedRows _unsealed;
    private readonly ReplayFilter _replay;
    private readonly Sealer _sealer;
    private readonly SealingLoop _sealing;
    private readonly QueryEngine _queries;
    private readonly HeldAnswers _answers;
    private readonly LiveTail _tail;
    private readonly RowFeed _feed;
    private readonly CarriedPositions _carried;
    private readonly RetentionPass _retention;
    private readonly RetentionLoop? _retentionLoop;
    private readonly EmbeddedStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly ulong _openedThrough;

    // Files change under it: by a seal, or by retention, never both.
    private readonly SemaphoreSlim _fileChanges = new(1);

    private EmbeddedLogStore(EmbeddedStoreOptions options, DirectoryLock directoryLock, EngineDatabase engine, TimeProvider time)
    {
        _options = options;
        _time = time;
        _lock = directoryLock;
        _engine = engine;
        _sealConnection = engine.Connect();
        PredicateFunctions.Register(_sealConnection);
        _feed = new RowFeed(_sealConnection);
        _files = new FileCatalogue(Path.Combine(options.Directory, FilesDirectory), engine);
        _files.OpenAll();
        var plan = SealingPlan.Read(options.Directory).AsFoundIn(_files);
        _openedThrough = plan.Through;
        _unsealed = new UnsealedRows(time, options.SegmentRows);
        _unsealed.Begin([.. _files.Files.Select(file => new FileView(file, file.Segments))], plan);
        _replay = new ReplayFilter(_files, plan, time);
        _sealer = new Sealer(options.Directory, _files, _sealConnection, _feed, _unsealed, time);
        _queries = new QueryEngine(engine, _files, _unsealed, options.ConcurrentQueries, time);
        _answers = new HeldAnswers(options.HeldAnswerBytes);
        _tail = new LiveTail(time);
        _carried = new CarriedPositions(options.Directory);
        _retention = new RetentionPass(_files, _unsealed, _carried, engine, time);
        _sealing = new SealingLoop(
            _sealer, _unsealed, _fileChanges, _queries.HoldAsync, options.SealAfter, time, options.SealingProblemChanged);
        _retentionLoop = options.Retention is { } retention
            ? new RetentionLoop((before, cancel) => DeleteOlderThanAsync(before, dryRun: false, cancel), retention, time)
            : null;
    }

    /// <inheritdoc/>
    public ulong DurableThrough => _unsealed.SealedThrough;

    /// <inheritdoc/>
    public ulong UsedThrough => Math.Max(_openedThrough, DurableThrough);

    /// <summary>Takes the directory, checks <c>store.json</c> and opens every file; one that cannot be opened is named in the status and
    /// the others are served.</summary>
    /// <exception cref="DataDirectoryInUseException">Another process has the directory.</exception>
    /// <exception cref="StoreVersionException">A newer version wrote it.</exception>
    public static EmbeddedLogStore Open(EmbeddedStoreOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        Directory.CreateDirectory(options.Directory);
        var directoryLock = DirectoryLock.Acquire(options.Directory, time);
        EngineDatabase? engine = null;
        try
        {
            StoreManifest.Open(
                options.Directory,
                new StoreManifest(StoreManifest.CurrentFormat, CaseFold.Version, EngineDatabase.LibraryVersion));
            var settings = new EngineSettings(
                options.EngineMemoryMegabytes, options.EngineThreads, Path.Combine(options.Directory, "tmp"));
            engine = EngineDatabase.Open(settings, new EngineFaults(options.FailFast));
            return new EmbeddedLogStore(options, directoryLock, engine, time);
        }
        catch
        {
            engine?.Dispose();
            directoryLock.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<Task<IReadOnlyList<RefusedRecord>>> AppendAsync(
        RecordBatch batch, ulong sequence, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var missing = _replay.Missing(batch, sequence);
        await _unsealed.AppendAsync(missing, sequence, cancellationToken).ConfigureAwait(false);
        if (missing is not null)
        {
            _tail.Publish(missing);
        }

        return RefusedRecord.None;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<AnswerPart> QueryAsync(
        LogQuery query, QueryOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(options);
        var limited = options.Deadline > _options.QueryDeadline ? options with { Deadline = _options.QueryDeadline } : options;
        var answer = new ReadyAnswer(query, await _queries.AnswerAsync(query, limited, cancellationToken).ConfigureAwait(false));
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
        return _tail.ReadAsync(
            query, options, cancel => Past(query, options.From ?? 0).ReadAsync(cancel), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<StoreStatus> StatusAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(new StatusReport(_options.Directory, _files, _unsealed.Snapshot()).ToStatus(Problems()));
    }

    /// <inheritdoc/>
    public async ValueTask VerifyAsync(CancellationToken cancellationToken) =>
        await Task.Run(() => new TableCheck(_engine, _unsealed.Snapshot()).Run(cancellationToken), cancellationToken)
            .ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<FieldSummary>> FieldsAsync(TimeRange range, CancellationToken cancellationToken) =>
        await Task.Run(() => new FieldList(_engine, _unsealed.Snapshot(), range).Read(cancellationToken), cancellationToken)
            .ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<OriginPositions>> PositionsAsync(CancellationToken cancellationToken)
    {
        // Retention begins when the store opens, and every file is read here: none may go meanwhile.
        await _fileChanges.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(
                () =>
                {
                    using var connection = _engine.Connect();
                    return new PositionList(connection, _files.Files, _carried, _time).Read(cancellationToken);
                },
                cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _fileChanges.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<RetentionReport> DeleteOlderThanAsync(long before, bool dryRun, CancellationToken cancellationToken)
    {
        await _fileChanges.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => _retention.Run(before, dryRun, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _fileChanges.Release();
        }
    }

    /// <inheritdoc/>
    public async Task WaitUntilDurableBeyondAsync(ulong sequence, CancellationToken cancellationToken)
    {
        while (true)
        {
            var changed = _unsealed.Changed;
            if (_unsealed.SealedThrough > sequence)
            {
                return;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Stops sealing and closes the files. What is only in memory stays in the write-ahead log.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_retentionLoop is not null)
        {
            await _retentionLoop.DisposeAsync().ConfigureAwait(false);
        }

        await _sealing.DisposeAsync().ConfigureAwait(false);
        _queries.Dispose();
        _fileChanges.Dispose();
        _sealConnection.Dispose();
        _engine.Dispose();
        _feed.Dispose();
        _lock.Dispose();
    }

    /// <summary>Files that could not be opened, with the reason.</summary>
    internal ImmutableArray<UnreadableFile> Unreadable => _files.Unreadable;

    /// <summary>Called between writing a file and publishing the seal; for tests that stop there.</summary>
    internal Action<DayFile>? AfterFile
    {
        set => _sealer.AfterFile = value;
    }

    /// <summary>Takes every place for queries until disposed; for tests.</summary>
    internal IDisposable HoldQueries() => _queries.Hold();

    /// <summary>What answers hold that wait for their readers; for tests.</summary>
    internal long HeldAnswerBytes => _answers.Bytes;

    internal StoreView Snapshot() => _unsealed.Snapshot();

    internal EngineConnection Connect() => _engine.Connect();

    private PastRecords Past(LogQuery query, long from) => new(
        (page, cancel) => _queries.AnswerAsync(page, QueryOptions.Default, cancel), query, from, _queries.NewestTime() + 1 ?? from);

    private IEnumerable<string> Problems()
    {
        if (_sealing.Fault is { } sealing)
        {
            yield return $"Records cannot be written to files, they wait in memory and in the write-ahead log: {sealing}";
        }

        if (_retentionLoop?.Fault is { } retention)
        {
            yield return $"Old files cannot be deleted: {retention}";
        }

        if (_carried.Problem is { } positions)
        {
            yield return positions;
        }
    }

    /// <summary>Seals what is in memory now, and completes when it is in files; for tests and for offline tools.</summary>
    internal async Task SealAllAsync(CancellationToken cancellationToken)
    {
        _unsealed.FreezeActive();
        while (true)
        {
            var changed = _unsealed.Changed;
            if (_unsealed.Size.Segments == 0)
            {
                return;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
