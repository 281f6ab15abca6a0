using System.Collections.Immutable;
using Bitacora.Delivery;
using Bitacora.Records;
using Bitacora.Storage.Embedded.Engine;
using Bitacora.Storage.Embedded.Files;
using Bitacora.Storage.Embedded.MemTable;
using Bitacora.Storage.Embedded.Sealing;

namespace Bitacora.Storage.Embedded;

/// <summary>
/// The store of a single machine: records in memory until 65,536 of them are there, then in one DuckDB file per UTC day. The
/// write-ahead log stands in front of it; what is only in memory comes from there after a restart.
/// </summary>
/// <remarks>Appending is for one caller at a time; everything else is safe from any thread.</remarks>
public sealed class EmbeddedLogStore : IBatchDestination, IAsyncDisposable
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

    private EmbeddedLogStore(EmbeddedStoreOptions options, DirectoryLock directoryLock, EngineDatabase engine, TimeProvider time)
    {
        _lock = directoryLock;
        _engine = engine;
        _sealConnection = engine.Connect();
        PredicateFunctions.Register(_sealConnection);
        _files = new FileCatalogue(Path.Combine(options.Directory, FilesDirectory), engine);
        _files.OpenAll();
        var plan = SealingPlan.Read(options.Directory);
        _unsealed = new UnsealedRows(time);
        _unsealed.Begin([.. _files.Files.Select(file => new FileView(file, file.Segments))], plan);
        _replay = new ReplayFilter(_files, plan, time);
        _sealer = new Sealer(options.Directory, _files, _sealConnection, _unsealed, time);
        _sealing = new SealingLoop(_sealer, _unsealed, options.SealAfter, time);
    }

    /// <inheritdoc/>
    public ulong DurableThrough => _unsealed.SealedThrough;

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
            engine = EngineDatabase.Open(new EngineSettings(
                options.EngineMemoryMegabytes,
                options.EngineThreads,
                Path.Combine(options.Directory, "tmp")));
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
    public ValueTask AppendAsync(RecordBatch batch, ulong sequence, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return _unsealed.AppendAsync(_replay.Missing(batch, sequence), sequence, cancellationToken);
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
        await _sealing.DisposeAsync().ConfigureAwait(false);
        _sealConnection.Dispose();
        _engine.Dispose();
        _lock.Dispose();
    }

    /// <summary>Files that could not be opened, with the reason.</summary>
    internal ImmutableArray<UnreadableFile> Unreadable => _files.Unreadable;

    /// <summary>Called between writing a file and publishing the seal; for tests that stop there.</summary>
    internal Action<DayFile>? AfterFile
    {
        set => _sealer.AfterFile = value;
    }

    internal StoreView Snapshot() => _unsealed.Snapshot();

    internal EngineConnection Connect() => _engine.Connect();

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
