using System.Collections.Concurrent;
using System.Collections.Immutable;
using Bitacora.Storage.Embedded.Engine;

namespace Bitacora.Storage.Embedded.Files;

/// <summary>
/// One attached file and what the store knows of it without asking: its segments, origins and how far it is sealed. Only the sealer
/// changes it, after its transaction is committed; a reader takes <see cref="Segments"/> once and keeps to it.
/// </summary>
internal sealed class DayFile(FileKey key, string path)
{
    private readonly ConcurrentDictionary<string, string> _unreadTables = new(StringComparer.Ordinal);
    private ImmutableArray<Segment> _segments = [];
    private bool _needsReopening;

    public FileKey Key { get; } = key;

    public string Path { get; } = path;

    public string Alias => Key.Alias;

    public OriginDictionary Origins { get; } = new();

    /// <summary>Committed segments, in the order in which they were written.</summary>
    public ImmutableArray<Segment> Segments => _segments;

    /// <summary>Every record of the file in WAL entries through this sequence is in it.</summary>
    public ulong SealedThrough => _segments.IsEmpty ? 0 : _segments[^1].Through;

    public long Rows => _segments.IsEmpty ? 0 : _segments[^1].LastRow + 1;

    /// <summary>
    /// Whether the table has rows behind those of its segments, from a commit that a kill cut short. Nothing reads them, and nothing more
    /// is written to the file: their batches are in the write-ahead log and go to another one.
    /// </summary>
    public bool IsClosed { get; private set; }

    /// <summary>Set when the file went with retention: statements that fail for it then are no fault.</summary>
    public bool IsRemoved { get; set; }

    /// <summary>Tables beside the records that could not be read when they were last asked for, with the reason.</summary>
    public IReadOnlyDictionary<string, string> UnreadTables => _unreadTables;

    /// <summary>Size on disk with DuckDB's own log.</summary>
    public long Bytes => Length(Path) + Length(Path + ".wal");

    /// <summary>Attaches the file, makes its tables where it is new and reads its directory.</summary>
    public void Open(EngineConnection connection)
    {
        CutUncommittedTail();
        connection.Execute(FileSchema.Attach(Path, Alias));
        var tables = connection.QueryInt64(
            $"SELECT count(*) FROM duckdb_tables() WHERE database_name = '{Alias}' AND table_name = '{FileSchema.AttributeNames}'");
        if (tables == 0)
        {
            // One transaction: a crash leaves an empty file or all tables.
            CreateTables(connection);
        }

        ReadDirectory(connection);
    }

    /// <summary>Set when nobody knows what the last write left in the file; the next write recovers it first.</summary>
    public bool NeedsRecovery { get; private set; }

    /// <summary>
    /// After a failed write: reads what was committed. A failed commit leaves the file usable; after a failed checkpoint, which may
    /// follow a commit that succeeded, it has to be detached and attached. Not where there is no memory to read it: queries go on with it.
    /// </summary>
    /// <exception cref="EngineException">That did not help yet, as on a disk that is full; call it again later.</exception>
    public void Recover(EngineConnection connection)
    {
        NeedsRecovery = true;
        if (!_needsReopening)
        {
            try
            {
                ReadDirectory(connection);
                return;
            }
            catch (EngineException error) when (!error.IsOutOfMemory)
            {
                _needsReopening = true;
            }
        }

        if (TryDetach(connection))
        {
            CutUncommittedTail();
        }

        connection.Execute(FileSchema.Attach(Path, Alias, ifNotExists: true));
        ReadDirectory(connection);
    }

    /// <summary>Detaches the file if it is attached.</summary>
    public bool TryDetach(EngineConnection connection)
    {
        try
        {
            connection.Execute($"DETACH {Alias}");
            return true;
        }
        catch (EngineException)
        {
            // It never was attached, or the checkpoint that comes with it failed: the attach that follows tells.
            return false;
        }
    }

    /// <summary>
    /// Reads a table beside the records, from any thread. One that cannot be read is noted for the status, and the store goes on without
    /// it: the records are there, and other files. That there was too little memory for it is no fault of the table's.
    /// </summary>
    /// <exception cref="EngineException">There was too little memory.</exception>
    public void TryRead(string table, Action read)
    {
        try
        {
            read();
            _unreadTables.TryRemove(table, out _);
        }
        catch (EngineException) when (IsRemoved)
        {
            // Retention took it meanwhile.
        }
        catch (EngineException error) when (!error.IsOutOfMemory)
        {
            _unreadTables[table] = error.Reason;
        }
    }

    /// <summary>What it means that a file cannot be read, and what to do, the same in status and answers; DuckDB's words last.</summary>
    public static string CannotBeRead(FileKey key, string reason) =>
        $"The file {key.Name} cannot be read, so records of it are missing from answers; it is left as it is, and everything else is "
        + "served. Stop the server, put a good copy of the file in its place or move it out of the directory, and start the server again. "
        + $"DuckDB says: {reason}";

    /// <summary>Takes over what a committed transaction added.</summary>
    public void Commit(Segment segment, IReadOnlyList<OriginKey> newOrigins)
    {
        Origins.Add(newOrigins);
        _segments = _segments.Add(segment);
    }

    private void CutUncommittedTail()
    {
        try
        {
            UncommittedTail.Cut(Path + ".wal");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EngineException($"opening {Path}", error.Message);
        }
    }

    private void CreateTables(EngineConnection connection)
    {
        try
        {
            connection.ExecuteScript($"BEGIN; {FileSchema.Create(Alias)} COMMIT;");
        }
        catch (EngineException)
        {
            // Otherwise the connection refuses everything else for ever.
            connection.TryRollback();
            throw;
        }
    }

    private void ReadDirectory(EngineConnection connection)
    {
        ReadSegments(connection);
        ReadOrigins(connection);
        (NeedsRecovery, _needsReopening) = (false, false);
    }

    private void ReadSegments(EngineConnection connection)
    {
        var segments = ImmutableArray.CreateBuilder<Segment>();
        using (var result = connection.Query(
            "SELECT number, first_row, last_row, first_time, last_time, level_bits, layer_bits, columns, through, sealed_at, "
            + "names_complete "
            + $"FROM {Alias}.{FileSchema.Segments} ORDER BY number"))
        {
            while (result.Read())
            {
                for (var i = 0; i < result.RowCount; i++)
                {
                    segments.Add(new Segment(
                        result.Column(0).Int32(i),
                        result.Column(1).Int64(i),
                        result.Column(2).Int64(i),
                        result.Column(3).Int64(i),
                        result.Column(4).Int64(i),
                        result.Column(5).Byte(i),
                        result.Column(6).Byte(i),
                        result.Column(7).Int32(i),
                        unchecked((ulong)result.Column(8).Int64(i)),
                        result.Column(9).Int64(i),
                        result.Column(10).Boolean(i)));
                }
            }
        }

        var rows = connection.QueryInt64($"SELECT count(*) FROM {Alias}.{FileSchema.Records}");
        var expected = segments.Count == 0 ? 0 : segments[^1].LastRow + 1;
        IsClosed = rows > expected;
        if (rows < expected)
        {
            throw new EngineException($"opening {Path}", $"the segment directory lists {expected} rows, the table has {rows}");
        }

        _segments = segments.ToImmutable();
    }

    private void ReadOrigins(EngineConnection connection)
    {
        var keys = new List<OriginKey>();
        using (var result = connection.Query($"SELECT sender, high, low FROM {Alias}.{FileSchema.Origins} ORDER BY number"))
        {
            while (result.Read())
            {
                for (var i = 0; i < result.RowCount; i++)
                {
                    keys.Add(OriginKey.From(
                        unchecked((ulong)result.Column(0).Int64(i)),
                        unchecked((ulong)result.Column(1).Int64(i)),
                        unchecked((ulong)result.Column(2).Int64(i))));
                }
            }
        }

        Origins.Add(keys.GetRange(Origins.Count, keys.Count - Origins.Count));
    }

    private static long Length(string path)
    {
        // One look: DuckDB may remove its log between two.
        var file = new FileInfo(path);
        return file.Exists ? file.Length : 0;
    }
}
