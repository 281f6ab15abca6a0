using Bitacora.Records;

namespace Bitacora.Ingestion.Lines;

/// <summary>The first line of an HTTP request as access logs quote it: <c>GET /a?b=1 HTTP/1.1</c>.</summary>
internal static class RequestLine
{
    /// <summary>
    /// Writes method, target and version, if it is a method, one target without blanks and a version; a client may have sent anything.
    /// </summary>
    public static bool TryWrite(ReadOnlySpan<byte> request, RecordWriter record)
    {
        var cursor = new ByteCursor(request);
        var method = cursor.TakeWord();
        if (method.IsEmpty || method.ContainsAnyExceptInRange((byte)'A', (byte)'Z') || !cursor.TryTake((byte)' '))
        {
            return false;
        }

        var target = cursor.TakeWord();
        if (target.IsEmpty || !cursor.TryTake(" HTTP/"u8) || !IsVersion(cursor.Rest))
        {
            return false;
        }

        record.AddAttribute("http.request.method"u8, method);
        var question = target.IndexOf((byte)'?');
        if (target[0] != '/' && !target.SequenceEqual("*"u8))
        {
            record.AddAttribute("url.full"u8, target);
        }
        else if (question < 0)
        {
            record.AddAttribute("url.path"u8, target);
        }
        else
        {
            record.AddAttribute("url.path"u8, target[..question]);
            record.AddAttribute("url.query"u8, target[(question + 1)..]);
        }

        record.AddAttribute("network.protocol.version"u8, cursor.Rest);
        return true;
    }

    private static bool IsVersion(ReadOnlySpan<byte> text) =>
        text.Length is 1 or 3 && (uint)(text[0] - '0') <= 9 && (text.Length == 1 || (text[1] == '.' && (uint)(text[2] - '0') <= 9));
}
