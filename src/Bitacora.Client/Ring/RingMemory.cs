using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Bitacora.Client.Ring;

/// <summary>
/// A ring's zeroed bytes: of the process, or of a file that is mapped and outlives the process. Freed when nothing refers to it any more
/// and not before: a thread may be within a log call while the queue is disposed, and nothing counts them.
/// </summary>
internal sealed unsafe class RingMemory
{
    private readonly SafeMemoryMappedViewHandle? _view;
    private readonly byte* _start;

    private RingMemory(byte* start, long length, SafeMemoryMappedViewHandle? view)
    {
        _start = start;
        (Length, _view) = (length, view);
        GC.AddMemoryPressure(length);
    }

    ~RingMemory()
    {
        GC.RemoveMemoryPressure(Length);
        if (_view is not null)
        {
            _view.ReleasePointer();
        }
        else
        {
            NativeMemory.AlignedFree(_start);
        }
    }

    /// <summary>The first byte; aligned to a page.</summary>
    public byte* Start => _start;

    public long Length { get; }

    /// <summary>Whether it is a file that outlives the process.</summary>
    public bool IsFile => _view is not null;

    public static RingMemory Allocate(long length)
    {
        var start = (byte*)NativeMemory.AlignedAlloc((nuint)length, 4096);
        NativeMemory.Clear(start, (nuint)length);
        return new RingMemory(start, length, null);
    }

    /// <summary>Makes a file of zeros and maps it. All of it is written: a page without a block behind it would end the process.</summary>
    /// <exception cref="IOException">The disk is full or faulty, or the file system cannot map.</exception>
    public static RingMemory Map(string path, long length)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            PreallocationSize = length,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(path, options);
        var zeros = new byte[64 << 10];
        for (long written = 0; written < length; written += zeros.Length)
        {
            file.Write(zeros, 0, (int)Math.Min(zeros.Length, length - written));
        }

        return Map(file, length);
    }

    /// <summary>Maps a file that is there.</summary>
    /// <exception cref="IOException">It cannot be read or mapped.</exception>
    public static RingMemory MapExisting(string path, long length)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, 0);
        return Map(file, length);
    }

    private static RingMemory Map(FileStream file, long length)
    {
        using var mapped = MemoryMappedFile.CreateFromFile(
            file, null, length, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
        using var accessor = mapped.CreateViewAccessor(0, length);
        var view = accessor.SafeMemoryMappedViewHandle;
        byte* start = null;
        view.AcquirePointer(ref start);
        return new RingMemory(start + accessor.PointerOffset, length, view);
    }
}
