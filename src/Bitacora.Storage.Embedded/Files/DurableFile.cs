using System.Runtime.InteropServices;

namespace Bitacora.Storage.Embedded.Files;

/// <summary>Replaces a small file so that after a loss of power the old or the new content is there, never a part.</summary>
internal static partial class DurableFile
{
    private const int OpenReadOnly = 0;

    // ENOSPC and EDQUOT of Linux, ERROR_DISK_FULL of Windows: the framework has no exception of its own for them.
    private const int NoSpace = 28;
    private const int QuotaReached = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>Whether a write failed because there was no room.</summary>
    public static bool IsDiskFull(IOException error) => error.HResult is NoSpace or QuotaReached or WindowsDiskFull;

    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        var temporary = path + ".new";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
        SyncDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>Makes names that were added or removed in a directory durable; the framework has no call for it.</summary>
    /// <exception cref="IOException">The system refused.</exception>
    public static void SyncDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            // Names are written through with the files there.
            return;
        }

        var descriptor = Open(directory, OpenReadOnly);
        if (descriptor < 0)
        {
            throw Failure("opened", directory);
        }

        try
        {
            if (Sync(descriptor) != 0)
            {
                throw Failure("fsynced", directory);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failure(string what, string directory) =>
        new($"the directory {directory} could not be {what}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
