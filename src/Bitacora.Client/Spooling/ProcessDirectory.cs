using System.Globalization;
using Bitacora.Delivery;

namespace Bitacora.Client.Spooling;

/// <summary>
/// A process's part of the spool: a directory with its ring and its write-ahead log, and a lock that ends with the process. Dead letters
/// outlive their process and lie beside, in a directory for all.
/// </summary>
internal sealed class ProcessDirectory
{
    public const string Prefix = "process-";
    public const string LockName = "lock";
    public const string RingName = "ring";
    public const string LogName = "wal";
    public const string LettersName = "dead";

    private const long MaxLetterBytes = 256L << 20;

    private readonly FileStream _lock;

    private ProcessDirectory(string spool, string path, FileStream held) => (Spool, Path, _lock) = (spool, path, held);

    /// <summary>The directory of all processes.</summary>
    public string Spool { get; }

    /// <summary>This process's own.</summary>
    public string Path { get; }

    public string RingPath => System.IO.Path.Combine(Path, RingName);

    /// <summary>Makes a directory that is this process's alone.</summary>
    /// <param name="spool">The directory of all.</param>
    /// <param name="owner">Stands in it.</param>
    /// <param name="flush">Whether that is forced to the disk.</param>
    /// <exception cref="IOException">The disk is full, faulty or read-only.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written there.</exception>
    public static ProcessDirectory Create(string spool, SpoolOwner owner, bool flush)
    {
        spool = System.IO.Path.GetFullPath(spool);
        MakePrivate(spool);
        for (var attempt = 0; ; attempt++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{Guid.NewGuid():N}");
            var path = System.IO.Path.Combine(spool, name);
            MakePrivate(path);
            FileStream held;
            try
            {
                held = Lock(path, FileMode.CreateNew);
            }
            catch (IOException) when (attempt < 3)
            {
                // Somebody who adopts came between the directory and its lock, and took it for one that was left.
                continue;
            }

            try
            {
                // Before there are logs in it.
                owner.Write(path, flush);
                return new ProcessDirectory(spool, path, held);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                held.Dispose();
                throw;
            }
        }
    }

    /// <summary>Takes a directory's lock.</summary>
    /// <exception cref="IOException">Its process lives, or another one was faster.</exception>
    public static FileStream Lock(string path, FileMode mode) => new(
        System.IO.Path.Combine(path, LockName),
        new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 });

    /// <summary>Opens the write-ahead log's files and the dead letters.</summary>
    /// <exception cref="IOException">The disk is full or faulty.</exception>
    public (IWalFiles Log, DeadLetters Letters) Open(SpoolFsync fsync, TimeProvider clock)
    {
        var files = new WalDirectory(System.IO.Path.Combine(Path, LogName));
        return (
            fsync == SpoolFsync.PerBatch ? files : new LazyFlushFiles(files, flushAtClose: fsync == SpoolFsync.PerSegment),
            new DeadLetters(new WalDirectory(System.IO.Path.Combine(Spool, LettersName)), MaxLetterBytes, clock));
    }

    /// <summary>Lets go of the lock: what is left is the next process's.</summary>
    /// <param name="isEmpty">Whether nothing is.</param>
    public void Leave(bool isEmpty)
    {
        using (_lock)
        {
            if (!isEmpty)
            {
                return;
            }

            try
            {
                Remove(Path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Whoever adopts it finds nothing in it.
            }
        }
    }

    /// <summary>Removes a directory whose lock is held: the lock goes last, so that whoever comes between finds nothing to adopt.</summary>
    public static void Remove(string path)
    {
        if (Directory.Exists(System.IO.Path.Combine(path, LogName)))
        {
            Directory.Delete(System.IO.Path.Combine(path, LogName), recursive: true);
        }

        File.Delete(System.IO.Path.Combine(path, RingName));
        SpoolOwner.Remove(path);
        File.Delete(System.IO.Path.Combine(path, LockName));
        Directory.Delete(path, recursive: false);
    }

    private static void MakePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            // Logs are nobody else's to read.
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
