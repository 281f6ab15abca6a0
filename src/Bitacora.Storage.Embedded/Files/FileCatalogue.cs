using System.Collections.Immutable;
using Bitacora.Storage.Embedded.Engine;

namespace Bitacora.Storage.Embedded.Files;

/// <summary>
/// All files of a store by period. Opened at the start; later only the sealer's thread adds, reopens or removes files, one at a time
/// under <see cref="_gate"/>, which guards both lists.
/// </summary>
internal sealed class FileCatalogue(string directory, EngineDatabase engine)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<FileKey, DayFile> _files = [];
    private readonly List<UnreadableFile> _unreadable = [];

    public ImmutableArray<DayFile> Files
    {
        get
        {
            lock (_gate)
            {
                return [.. _files.Values];
            }
        }
    }

    /// <summary>Files that could not be opened, with the reason.</summary>
    public ImmutableArray<UnreadableFile> Unreadable
    {
        get
        {
            lock (_gate)
            {
                return [.. _unreadable];
            }
        }
    }

    /// <summary>Opens every file in the directory; one that cannot be opened is listed and the others are served.</summary>
    public void OpenAll()
    {
        Directory.CreateDirectory(directory);
        using var connection = engine.Connect();
        foreach (var path in Directory.EnumerateFiles(directory).Order(StringComparer.Ordinal))
        {
            if (FileKey.TryParse(Path.GetFileName(path), out var key))
            {
                TryOpen(connection, key, path);
            }
        }
    }

    /// <summary>Every record of the period in WAL entries through this sequence is in its files.</summary>
    public ulong SealedThrough(FileKey key)
    {
        lock (_gate)
        {
            return _files.Values
                .Where(file => file.Key.IsLate == key.IsLate && file.Key.Start == key.Start)
                .Select(file => file.SealedThrough)
                .DefaultIfEmpty()
                .Max();
        }
    }

    /// <summary>How far the file of that name is sealed; 0 where it is not there or cannot be read.</summary>
    public ulong SealedThrough(string name)
    {
        lock (_gate)
        {
            return _files.Values.FirstOrDefault(file => file.Key.Name == name)?.SealedThrough ?? 0;
        }
    }

    /// <summary>The file that takes the period's records; made where there is none that can be read and written.</summary>
    public DayFile ForWriting(FileKey key, EngineConnection connection)
    {
        lock (_gate)
        {
            while (true)
            {
                if (_files.TryGetValue(key, out var known))
                {
                    if (!known.IsClosed)
                    {
                        return known;
                    }
                }
                else if (_unreadable.TrueForAll(file => file.Key != key))
                {
                    var file = Create(key, connection);
                    _files.Add(key, file);
                    return file;
                }

                key = key with { Generation = key.Generation + 1 };
            }
        }
    }

    /// <summary>
    /// Detaches a file and deletes it; a call that failed may be repeated. Queries that read it finish: the system keeps it until they let
    /// go.
    /// </summary>
    public void Remove(DayFile file, EngineConnection connection)
    {
        file.IsRemoved = true;
        try
        {
            // Detaching may write to it once more, for which a full disk has no room, and an earlier call may have come as far: it goes all
            // the same.
            file.TryDetach(connection);
            Delete(file.Path);
        }
        catch
        {
            // It is still there and may take records again: what cannot be read of it is a fault.
            file.IsRemoved = false;
            throw;
        }

        lock (_gate)
        {
            _files.Remove(file.Key);
        }

        // Should this fail, a loss of power may bring the file back; then it is opened and deleted again.
        DurableFile.SyncDirectory(directory);
    }

    private DayFile Create(FileKey key, EngineConnection connection)
    {
        var file = new DayFile(key, Path.Combine(directory, key.Name));
        var isNew = !File.Exists(file.Path);
        try
        {
            file.Open(connection);
            DurableFile.SyncDirectory(directory);
            return file;
        }
        catch (Exception error) when (error is EngineException or IOException)
        {
            file.TryDetach(connection);
            if (isNew)
            {
                // It holds nothing yet: what a full disk left of it must not stand in the way of the next attempt.
                Delete(file.Path);
            }

            throw;
        }
    }

    private void TryOpen(EngineConnection connection, FileKey key, string path)
    {
        var file = new DayFile(key, path);
        try
        {
            file.Open(connection);
            lock (_gate)
            {
                _files.Add(key, file);
            }
        }
        catch (EngineException error)
        {
            file.TryDetach(connection);
            var found = new FileInfo(path);
            if (found.Length < FileSchema.HeaderBytes)
            {
                // The process ended while the file was being made: it never held a record.
                Delete(path);
                return;
            }

            lock (_gate)
            {
                _unreadable.Add(new UnreadableFile(key, path, found.Length, found.LastWriteTimeUtc, error.Reason));
            }
        }
    }

    private static void Delete(string path)
    {
        File.Delete(path + ".wal");
        File.Delete(path);
    }
}
