using System.Globalization;

namespace Bitacora.Storage;

/// <summary>Another process (or another store of this one) holds the data directory; nothing was opened.</summary>
public sealed class DataDirectoryInUseException : IOException
{
    /// <summary>Creates it without details.</summary>
    public DataDirectoryInUseException()
    {
    }

    /// <summary>Creates it with a message.</summary>
    public DataDirectoryInUseException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it with a message and what caused it.</summary>
    public DataDirectoryInUseException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal DataDirectoryInUseException(string directory, int? pid, string? host, DateTimeOffset? since, Exception innerException)
        : base(Describe(directory, pid, host, since), innerException)
    {
        HolderPid = pid;
        HolderHost = host;
        HeldSince = since;
    }

    /// <summary>Process id of the holder; null if the lock file could not be read.</summary>
    public int? HolderPid { get; }

    /// <summary>Machine name of the holder; null if the lock file could not be read.</summary>
    public string? HolderHost { get; }

    /// <summary>When the holder took the directory; null if the lock file could not be read.</summary>
    public DateTimeOffset? HeldSince { get; }

    private static string Describe(string directory, int? pid, string? host, DateTimeOffset? since) => pid is null
        ? $"the data directory {directory} is in use by another process"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"the data directory {directory} is in use by process {pid} on {host} since {since:yyyy-MM-dd'T'HH:mm:ss'Z'}; "
            + $"stop it, or use another --data");
}
