using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion.Nginx;

/// <summary>
/// The keys behind the text of an error: <c>, client: …, server: …, request: "…", upstream: "…", host: "…", referrer: "…"</c>, each where
/// nginx knows it, always in this order. Nothing in them is escaped and most comes from the client, so each is looked for from the right
/// in what the one behind it has left.
/// </summary>
internal static class NginxErrorDetails
{
    /// <summary>Writes the keys as attributes.</summary>
    /// <returns>The text before them.</returns>
    public static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> text, RecordWriter record)
    {
        if (text.IndexOf((byte)':') < 0)
        {
            return text;
        }

        if (TryCut(ref text, ", referrer: \""u8, out var value))
        {
            record.AddIfAny("http.request.header.referer"u8, Unquoted(value));
        }

        // nginx takes no host with a quote or a blank in it: such a one is a part of a request.
        var before = text;
        if (TryCut(ref before, ", host: \""u8, out value) && Unquoted(value).IndexOfAny((byte)'"', (byte)' ') < 0)
        {
            record.AddIfAny("http.request.header.host"u8, Unquoted(value));
            text = before;
        }

        if (TryCut(ref text, ", upstream: \""u8, out value))
        {
            record.AddIfAny("nginx.upstream"u8, Unquoted(value));
        }

        if (TryCut(ref text, ", subrequest: \""u8, out value))
        {
            record.AddIfAny("nginx.subrequest"u8, Unquoted(value));
        }

        if (TryCut(ref text, ", request: \""u8, out value) && !RequestLine.TryWrite(Unquoted(value), record))
        {
            record.AddIfAny("nginx.request"u8, Unquoted(value));
        }

        if (TryCut(ref text, ", server: "u8, out value))
        {
            record.AddIfAny("server.address"u8, value);
        }

        before = text;
        if (TryCut(ref before, ", client: "u8, out value) && value.IndexOf((byte)' ') < 0)
        {
            record.AddIfAny("client.address"u8, value);
            text = before;
        }

        return text;
    }

    private static bool TryCut(scoped ref ReadOnlySpan<byte> text, ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        var at = text.LastIndexOf(key);
        value = at < 0 ? default : text[(at + key.Length)..];
        text = at < 0 ? text : text[..at];
        return at >= 0;
    }

    /// <summary>A value without the quote at its end, which is missing where nginx has cut the line at 2 KiB.</summary>
    private static ReadOnlySpan<byte> Unquoted(ReadOnlySpan<byte> value) =>
        !value.IsEmpty && value[^1] == '"' ? value[..^1] : value;
}
