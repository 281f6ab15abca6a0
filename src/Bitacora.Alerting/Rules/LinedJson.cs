using System.Text.Json;

namespace Bitacora.Alerting.Rules;

/// <summary>A JSON value that knows on which line it stands, so that a fault can be found by who wrote it.</summary>
internal sealed class LinedJson
{
    private LinedJson(JsonValueKind kind, int line) => (Kind, Line) = (kind, line);

    public JsonValueKind Kind { get; }

    /// <summary>From 1.</summary>
    public int Line { get; }

    /// <summary>A string's text, or a number's or a flag's as written.</summary>
    public string Text { get; private init; } = "";

    /// <summary>Its bytes in the document.</summary>
    public Range Extent { get; private set; }

    public List<LinedJson> Items { get; } = [];

    public List<(string Name, int Line, LinedJson Value)> Members { get; } = [];

    /// <summary>Reads a document; comments and trailing commas are allowed.</summary>
    /// <exception cref="JsonException">It is no JSON, or nested more than 64 deep.</exception>
    public static LinedJson Parse(ReadOnlySpan<byte> utf8)
    {
        var options = new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
        var reader = new Utf8JsonReader(utf8, options);
        var lines = new LineCount();
        reader.Read();
        var value = Read(ref reader, utf8, ref lines);

        // Reads on so that what stands behind the value is refused.
        reader.Read();
        return value;
    }

    private static LinedJson Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8, ref LineCount lines)
    {
        var start = (int)reader.TokenStartIndex;
        var value = ReadValue(ref reader, utf8, ref lines);
        value.Extent = start..(int)reader.BytesConsumed;
        return value;
    }

    private static LinedJson ReadValue(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8, ref LineCount lines)
    {
        var line = lines.At(utf8, (int)reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var json = new LinedJson(JsonValueKind.Object, line);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var name = reader.GetString()!;
                    var nameLine = lines.At(utf8, (int)reader.TokenStartIndex);
                    reader.Read();
                    json.Members.Add((name, nameLine, Read(ref reader, utf8, ref lines)));
                }

                return json;
            case JsonTokenType.StartArray:
                var array = new LinedJson(JsonValueKind.Array, line);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    array.Items.Add(Read(ref reader, utf8, ref lines));
                }

                return array;
            case JsonTokenType.String:
                return new LinedJson(JsonValueKind.String, line) { Text = reader.GetString()! };
            case JsonTokenType.Number:
                return new LinedJson(JsonValueKind.Number, line) { Text = System.Text.Encoding.UTF8.GetString(reader.ValueSpan) };
            case JsonTokenType.True:
                return new LinedJson(JsonValueKind.True, line) { Text = "true" };
            case JsonTokenType.False:
                return new LinedJson(JsonValueKind.False, line) { Text = "false" };
            default:
                return new LinedJson(JsonValueKind.Null, line);
        }
    }

    private struct LineCount
    {
        private int _position;
        private int _line;

        public int At(ReadOnlySpan<byte> utf8, int position)
        {
            _line += utf8[_position..position].Count((byte)'\n');
            _position = position;
            return _line + 1;
        }
    }
}
