using System.Text.Json;

namespace Bitacora.Storage;

/// <summary>
/// A data directory's lock, which one store holds: neither write-ahead logs nor data files may have two owners. The operating system
/// releases it when the process ends, however it ends; the files stay and say who held it last.
/// </summary>
public sealed class DirectoryLock : IDisposable
{
    private const string FileName = "lock";

    // Beside the lock: the locked file itself cannot be read by others.
    private const string HolderFileName = "lock.json";

    private readonly FileStream _file;

    private DirectoryLock(FileStream file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <param name="directory">The directory; it exists.</param>
    /// <param name="time">Says since when it is held.</param>
    /// <exception cref="DataDirectoryInUseException">Somebody else holds the directory.</exception>
    public static DirectoryLock Acquire(string directory, TimeProvider time)
    {
        var path = Path.Combine(directory, FileName);
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (error is not (DirectoryNotFoundException or PathTooLongException))
        {
            var holder = ReadHolder(Path.Combine(directory, HolderFileName));
            throw new DataDirectoryInUseException(directory, holder?.Pid, holder?.Host, holder?.Since, error);
        }

        WriteHolder(
            Path.Combine(directory, HolderFileName),
            new DirectoryHolder(Environment.ProcessId, Environment.MachineName, time.GetUtcNow()));
        return new DirectoryLock(file);
    }

    /// <summary>Gives the directory back.</summary>
    public void Dispose() => _file.Dispose();

    private static void WriteHolder(string path, DirectoryHolder holder)
    {
        try
        {
            File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(holder, DirectoryHolderJson.Default.DirectoryHolder));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A full disk must not prevent a start: the lock is held, only its holder is not named.
        }
    }

    private static DirectoryHolder? ReadHolder(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), DirectoryHolderJson.Default.DirectoryHolder);
        }
        catch (Exception error) when (error is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
