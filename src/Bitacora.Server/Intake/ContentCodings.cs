using System.IO.Compression;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Bitacora.Server.Intake;

/// <summary>Finds out how a body is compressed and opens it.</summary>
internal static class ContentCodings
{
    /// <summary>What a Zstandard frame may ask the decoder to remember: what the levels up to 19 use (8 MiB).</summary>
    private const int ZstdWindowLog = 23;

    // Otherwise the framework's streams take a body that was cut off for a whole one, and what is missing is lost in silence.
    static ContentCodings() => AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);

    /// <summary>Bytes that decompressing takes beside the body itself.</summary>
    public static int Memory(ContentCoding coding) => coding switch
    {
        ContentCoding.None => 0,
        ContentCoding.Zstd => 1 << ZstdWindowLog,
        _ => 64 << 10,
    };

    /// <summary>
    /// Reads <c>Content-Encoding</c>; false for a coding that is not taken. Some senders write <c>gzip,deflate</c> and mean either, so a
    /// list
    /// is taken as a choice, and the body's first bytes decide.
    /// </summary>
    public static bool TryParse(string? header, out bool isCompressed)
    {
        isCompressed = false;
        foreach (var part in (header ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            switch (part.ToLowerInvariant())
            {
                case "identity":
                    break;
                case "gzip" or "x-gzip" or "deflate" or "zstd":
                    isCompressed = true;
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    /// <summary>Recognises a compressed body by its first bytes; what is none of the marked formats is raw deflate.</summary>
    public static ContentCoding Sniff(ReadOnlySpan<byte> first) => first switch
    {
        [0x1F, 0x8B, ..] => ContentCoding.Gzip,
        [0x28, 0xB5, 0x2F, 0xFD, ..] => ContentCoding.Zstd,
        [0x50 or 0x51 or 0x52 or 0x53 or 0x54 or 0x55 or 0x56 or 0x57 or 0x58 or 0x59 or 0x5A or 0x5B or 0x5C or 0x5D or 0x5E or 0x5F,
            0x2A, 0x4D, 0x18, ..] => ContentCoding.Zstd,
        [var method, var flags, ..] when (method & 0xF) == 8 && ((method << 8) | flags) % 31 == 0 => ContentCoding.Zlib,
        _ => ContentCoding.Deflate,
    };

    /// <summary>
    /// Whether a decoder that has ended has read the body to its end. The framework's streams leave off at bytes that they do not know and
    /// say nothing; only that of gzip looks for another member behind the last byte. That of Zstandard refuses such bytes itself.
    /// </summary>
    public static bool IsReadWhole(ContentCoding coding, LastByteStream body) => coding switch
    {
        ContentCoding.Gzip => body.IsEndSeen,
        ContentCoding.Zlib or ContentCoding.Deflate => body.IsLastByteRead,
        _ => true,
    };

    public static Stream Open(ContentCoding coding, Stream body)
    {
        switch (coding)
        {
            case ContentCoding.Gzip:
                return new GZipStream(body, CompressionMode.Decompress);
            case ContentCoding.Zlib:
                return new ZLibStream(body, CompressionMode.Decompress);
            case ContentCoding.Deflate:
                return new DeflateStream(body, CompressionMode.Decompress);
            case ContentCoding.Zstd:
                var zstd = new DecompressionStream(body, leaveOpen: true);
                zstd.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, ZstdWindowLog);
                return zstd;
            default:
                return body;
        }
    }
}
