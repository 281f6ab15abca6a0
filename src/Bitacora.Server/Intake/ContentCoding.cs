namespace Bitacora.Server.Intake;

/// <summary>How a body is compressed.</summary>
internal enum ContentCoding
{
    None,
    Gzip,
    Zlib,
    Deflate,
    Zstd,
}
