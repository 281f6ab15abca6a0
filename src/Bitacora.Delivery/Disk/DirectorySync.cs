using System.Runtime.InteropServices;

namespace Bitacora.Delivery.Disk;

/// <summary>fsync of a directory, which the framework does not offer.</summary>
internal static partial class DirectorySync
{
    private const int OpenReadOnly = 0;

    /// <summary>Windows writes names through with the file; there is nothing to call.</summary>
    public static void Flush(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Open(path, OpenReadOnly);
        if (descriptor < 0)
        {
            throw FailureOf("opened", path);
        }

        try
        {
            if (Sync(descriptor) != 0)
            {
                throw FailureOf("fsynced", path);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException FailureOf(string what, string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"The directory {path} could not be {what}: {Marshal.GetPInvokeErrorMessage(error)} ({error}).");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
