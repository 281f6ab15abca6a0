using System.IO.Compression;
using System.Text;
using Bitacora.Cli.Commands;
using Bitacora.Cli.Showing;
using ZstdSharp;

namespace Bitacora.Cli.Ingesting;

/// <summary>An input opened for reading: a file, compressed or not, or standard input.</summary>
internal sealed class InputFile : IAsyncDisposable
{
    /// <summary>The name of standard input.</summary>
    public const string StandardInput = "-";

    private readonly FileStream? _file;

    private InputFile(string name, FileStream? file, Stream content)
    {
        Name = name;
        _file = file;
        Content = content;
    }

    /// <summary>As it was given.</summary>
    public string Name { get; }

    /// <summary>The uncompressed bytes.</summary>
    public Stream Content { get; private set; }

    public bool IsStandardInput => Name == StandardInput;

    /// <summary>Whether lines come while they are written, and nobody can read them again.</summary>
    public bool IsLive => _file is null || !_file.CanSeek;

    /// <summary>Bytes of the file itself read so far, compressed as they are; 0 for standard input.</summary>
    public long BytesRead => IsLive ? 0 : _file!.Position;

    /// <summary>The size of the file itself; 0 for a live input.</summary>
    public long Size => IsLive ? 0 : _file!.Length;

    /// <summary>When the file was last written; null for a live input.</summary>
    public DateTimeOffset? LastWrite => IsLive ? null : File.GetLastWriteTimeUtc(_file!.SafeFileHandle);

    /// <summary>Opens an input.</summary>
    /// <param name="path">A file, or <see cref="StandardInput"/>.</param>
    /// <param name="screen">Gives standard input.</param>
    /// <param name="ends">When a live input shall look as if it had ended.</param>
    /// <exception cref="CommandException">It cannot be opened.</exception>
    public static async Task<InputFile> OpenAsync(string path, Screen screen, CancellationToken ends)
    {
        if (path == StandardInput)
        {
            return new InputFile(path, null, await OpenContentAsync(new LiveStream(screen.OpenInput(), ends)));
        }

        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
            var content = file.CanSeek ? await OpenContentAsync(file) : await OpenContentAsync(new LiveStream(file, ends));
            return new InputFile(path, file, content);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{path} cannot be read: {e.Message}");
        }
    }

    /// <summary>The first bytes, as many as there are at hand; they are read again afterwards.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> PeekAsync(int count)
    {
        var start = new byte[count];
        if (IsLive)
        {
            // Waiting for more than the first line would hold up the lines that came.
            var length = 0;
            for (var more = 1; more > 0 && length < count && !start.AsSpan(0, length).Contains((byte)'\n'); length += more)
            {
                more = await Content.ReadAsync(start.AsMemory(length));
            }

            Content = new PrefixedStream(start.AsMemory(0, length), Content);
            return start.AsMemory(0, length);
        }

        var read = await Content.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false);
        await RewindAsync();
        return start.AsMemory(0, read);
    }

    /// <summary>Goes on at an offset of the uncompressed bytes; what is compressed is read and dropped up to there.</summary>
    public async ValueTask SkipToAsync(long offset, CancellationToken cancellationToken)
    {
        if (Content.CanSeek)
        {
            Content.Position = offset;
            return;
        }

        var dropped = new byte[64 << 10];
        for (var left = offset; left > 0;)
        {
            var read = await Content.ReadAsync(dropped.AsMemory(0, (int)Math.Min(left, dropped.Length)), cancellationToken);
            if (read == 0)
            {
                return;
            }

            left -= read;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Content.DisposeAsync();
        if (_file is not null)
        {
            await _file.DisposeAsync();
        }
    }

    /// <summary>Goes back to the start of the uncompressed bytes.</summary>
    public async ValueTask RewindAsync()
    {
        _file!.Position = 0;
        Content = await OpenContentAsync(_file);
    }

    // By its first bytes, not by its name: a rotated file keeps neither its ending nor, when renamed by hand, the truth.
    private static async ValueTask<Stream> OpenContentAsync(Stream raw)
    {
        var (start, whole) = await LookAsync(raw);
        Stream? decompressed = start switch
        {
            [0x1f, 0x8b, ..] => new GZipStream(whole, CompressionMode.Decompress),
            [0x28, 0xb5, 0x2f, 0xfd] => new DecompressionStream(whole),
            _ => null,
        };
        var content = whole;
        if (decompressed is not null)
        {
            (start, content) = await LookAsync(decompressed);
        }

        // UTF-16 is known by its byte order mark alone. Positions are then those of its UTF-8.
        return start switch
        {
            [0xff, 0xfe, ..] => Encoding.CreateTranscodingStream(content, Encoding.Unicode, Encoding.UTF8),
            [0xfe, 0xff, ..] => Encoding.CreateTranscodingStream(content, Encoding.BigEndianUnicode, Encoding.UTF8),
            _ => content,
        };
    }

    private static async ValueTask<(byte[] Start, Stream Whole)> LookAsync(Stream stream)
    {
        var start = new byte[4];
        var length = await stream.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false);
        if (stream.CanSeek)
        {
            stream.Position = 0;
            return (start[..length], stream);
        }

        return (start[..length], new PrefixedStream(start.AsMemory(0, length), stream));
    }
}
