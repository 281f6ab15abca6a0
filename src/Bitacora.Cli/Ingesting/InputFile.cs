using System.IO.Compression;
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
            return new InputFile(path, null, await DecompressAsync(new LiveStream(screen.OpenInput(), ends)));
        }

        if (Directory.Exists(path))
        {
            throw new CommandException($"{path} is a directory.", $"Name its files: bitacora ingest {path.TrimEnd('/')}/*");
        }

        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
            var content = file.CanSeek ? await DecompressAsync(file) : await DecompressAsync(new LiveStream(file, ends));
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
            // Waiting for more would hold up the lines that came.
            var length = await Content.ReadAsync(start);
            Content = new PrefixedStream(start.AsMemory(0, length), Content);
            return start.AsMemory(0, length);
        }

        var read = await Content.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false);
        _file!.Position = 0;
        Content = await DecompressAsync(_file);
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

    // By its first bytes, not by its name: a rotated file keeps neither its ending nor, when renamed by hand, the truth.
    private static async ValueTask<Stream> DecompressAsync(Stream raw)
    {
        var start = new byte[4];
        var length = await raw.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false);
        if (raw.CanSeek)
        {
            raw.Position = 0;
        }

        var whole = raw.CanSeek ? raw : new PrefixedStream(start.AsMemory(0, length), raw);
        return start.AsSpan(0, length) switch
        {
            [0x1f, 0x8b, ..] => new GZipStream(whole, CompressionMode.Decompress),
            [0x28, 0xb5, 0x2f, 0xfd] => new DecompressionStream(whole),
            _ => whole,
        };
    }
}
