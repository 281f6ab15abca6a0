using System.Text.Json;

namespace Bitacora.Cli.Ingesting;

/// <summary>Whether somebody is still writing a file's last line, which has no line end.</summary>
internal static class UnfinishedLine
{
    /// <param name="line">The line. A JSON object is unfinished until its last brace, and then finished.</param>
    /// <param name="isBeingWritten">Whether the file was written a moment ago, which is all that other lines can be judged by.</param>
    public static bool IsIn(ReadOnlySpan<byte> line, bool isBeingWritten)
    {
        var text = line.TrimStart(" \t\ufeff"u8);
        if (text.IsEmpty || text[0] != (byte)'{')
        {
            return isBeingWritten && !text.IsEmpty;
        }

        var json = new Utf8JsonReader(text, isFinalBlock: false, new JsonReaderState());
        try
        {
            var depth = 0;
            while (json.Read())
            {
                depth = json.CurrentDepth;
                if (json.TokenType == JsonTokenType.EndObject && depth == 0)
                {
                    return false;
                }
            }

            return true;
        }
        catch (JsonException)
        {
            return isBeingWritten;
        }
    }
}
