using Bitacora.Ingestion;

namespace Bitacora.Cli.Ingesting;

/// <summary>Which decoder reads an input.</summary>
internal static class LineDecoders
{
    /// <summary>The one that was asked for, or the one that the first line looks like.</summary>
    /// <param name="format">What was asked for.</param>
    /// <param name="start">The input's first bytes.</param>
    public static ILineDecoder For(LineFormat format, ReadOnlySpan<byte> start) => format switch
    {
        LineFormat.Json => new JsonLineDecoder(),
        LineFormat.Clef => new ClefDecoder(),
        _ => IsClef(start) ? new ClefDecoder() : new JsonLineDecoder(),
    };

    // Every CLEF event has a time under this name, and Logstash's `@timestamp` is another.
    private static bool IsClef(ReadOnlySpan<byte> start)
    {
        var text = start.TrimStart(" \t\r\n\ufeff"u8);
        var end = text.IndexOf((byte)'\n');
        return (end < 0 ? text : text[..end]).IndexOf("\"@t\""u8) >= 0;
    }
}
