using System.Text.Json;

namespace Bitacora.Cli.Ingesting;

/// <summary>Whether a file's last line, which has no line end, is the begin of a JSON object that somebody is still writing.</summary>
internal static class UnfinishedLine
{
    public static bool IsIn(ReadOnlySpan<byte> line)
    {
        var text = line.TrimStart(" \t\ufeff"u8);
        if (text.IsEmpty || text[0] != (byte)'{')
        {
            return false;
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
            return false;
        }
    }
}
