using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Bitacora.Delivery.Disk;

/// <summary>
/// A directory that is held open so that it can be fsynced, which the framework does not offer. Held, because after a failed fsync nothing
/// may go on, while a process that has no descriptor left must be able to: so nothing is opened when it matters.
/// </summary>
internal sealed partial class DirectorySync : IDisposable
{
    private const int OpenReadOnly = 0;
    private const int CloseInChildLinux = 0x80000;
    private const int CloseInChildMac = 0x1000000;

    private readonly string _path;
    private readonly SafeFileHandle? _handle;

    /// <summary>Opens a directory.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public DirectorySync(string path)
    {
        _path = path;
        if (OperatingSystem.IsWindows())
        {
            // Windows writes names through with the file; there is nothing to call.
            return;
        }

        var flags = OpenReadOnly
            | (OperatingSystem.IsLinux() ? CloseInChildLinux : OperatingSystem.IsMacOS() ? CloseInChildMac : 0);
        var descriptor = Open(path, flags);
        if (descriptor < 0)
        {
            throw FailureOf("opened", path);
        }

        _handle = new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>Returns when names that were added and removed stay so after a loss of power.</summary>
    /// <exception cref="IOException">fsync failed.</exception>
    public void Flush()
    {
        if (_handle is not null && Sync(_handle) != 0)
        {
            throw FailureOf("fsynced", _path);
        }
    }

    /// <summary>The same, of a directory that is not held.</summary>
    /// <exception cref="IOException">It cannot be opened, or fsync failed.</exception>
    public static void Flush(string path)
    {
        using var directory = new DirectorySync(path);
        directory.Flush();
    }

    public void Dispose() => _handle?.Dispose();

    private static IOException FailureOf(string what, string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"The directory {path} could not be {what}: {Marshal.GetPInvokeErrorMessage(error)} ({error}).");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(SafeFileHandle descriptor);
}
