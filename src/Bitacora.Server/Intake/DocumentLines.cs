using System.Text.Json;

namespace Bitacora.Server.Intake;

/// <summary>
/// People post arrays and objects over several lines too. Such a body is made JSON lines where it lies: line ends within a value become
/// blanks (a JSON string cannot hold them), what stands between two values becomes blanks and one line end.
/// </summary>
internal static class DocumentLines
{
    // What is nested deeper than a record may be is the decoder's affair; this only has to find where a value ends.
    private static readonly JsonReaderOptions Options = new()
    {
        MaxDepth = 1 << 20,
        AllowMultipleValues = true,
        CommentHandling = JsonCommentHandling.Disallow
    };

    /// <summary>
    /// Whether a body is an array, or begins with a value that its first line does not end. A first line that is no JSON is a bad line.
    /// </summary>
    public static bool IsDocument(ReadOnlySpan<byte> start)
    {
        start = start.StartsWith("\uFEFF"u8) ? start[3..] : start;
        var first = start.IndexOfAnyExcept(" \t\r\n"u8);
        if (first < 0 || start[first] is not ((byte)'[' or (byte)'{'))
        {
            return false;
        }

        if (start[first] == '[')
        {
            return true;
        }

        var end = start[first..].IndexOf((byte)'\n');
        if (end < 0)
        {
            return false;
        }

        var line = start.Slice(first, end).TrimEnd(" \t\r"u8);
        return line[^1] != '}' && IsUnfinished(line);
    }

    /// <summary>Makes lines of a whole body, in place.</summary>
    public static void MakeLines(Span<byte> body)
    {
        if (body.StartsWith("\uFEFF"u8))
        {
            body[..3].Fill((byte)' ');
        }

        var start = body.IndexOfAnyExcept(" \t\r\n"u8);
        var inArray = start >= 0 && body[start] == '[';
        var done = 0;
        var reader = new Utf8JsonReader(body, Options);
        try
        {
            while (reader.Read())
            {
                if (inArray && reader.CurrentDepth == 0 && reader.TokenType is JsonTokenType.StartArray or JsonTokenType.EndArray)
                {
                    continue;
                }

                var from = (int)reader.TokenStartIndex;
                reader.Skip();
                Separate(body[done..from]);
                done = (int)reader.BytesConsumed;
                Join(body[from..done]);
            }

            Separate(body[done..]);
        }
        catch (JsonException)
        {
            // The values before the fault are lines already; the rest is one bad line, with the decoder's reason.
            if (done > 0)
            {
                body[done] = (byte)'\n';
                Join(body[(done + 1)..]);
            }
            else
            {
                Join(body);
            }
        }
    }

    private static bool IsUnfinished(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line, isFinalBlock: false, new JsonReaderState(Options));
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth == 0 && reader.TokenType == JsonTokenType.EndObject)
                {
                    return false;
                }
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void Join(Span<byte> value)
    {
        value.Replace((byte)'\n', (byte)' ');
        value.Replace((byte)'\r', (byte)' ');
    }

    private static void Separate(Span<byte> between)
    {
        between.Fill((byte)' ');
        if (between.Length > 0)
        {
            between[0] = (byte)'\n';
        }
    }
}
