using System.Text.Json;

namespace Bitacora.Storage.Embedded.Files;

/// <summary>
/// The data directory's own lock: DuckDB lets two processes attach one file. The operating system releases it when the process
/// ends, however it ends; the file stays and says who held it last.
/// </summary>
internal sealed class DirectoryLock : IDisposable
{
    private const string FileName = "lock";

    private readonly FileStream _file;

    private DirectoryLock(FileStream file) => _file = file;

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
            var holder = ReadHolder(path);
            throw new DataDirectoryInUseException(directory, holder?.Pid, holder?.Host, holder?.Since, error);
        }

        var self = new DirectoryHolder(Environment.ProcessId, Environment.MachineName, time.GetUtcNow());
        file.SetLength(0);
        JsonSerializer.Serialize(file, self);
        file.Flush();
        return new DirectoryLock(file);
    }

    public void Dispose() => _file.Dispose();

    private static DirectoryHolder? ReadHolder(string path)
    {
        try
        {
            // ReadWrite sharing takes no lock of its own, so that the holder's lock does not stand in the way of reading.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return JsonSerializer.Deserialize<DirectoryHolder>(file);
        }
        catch (Exception error) when (error is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
