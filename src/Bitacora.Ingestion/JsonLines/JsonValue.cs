namespace Bitacora.Ingestion.JsonLines;

/// <summary>
/// A value's place in the text: a string's without its quotes, an array's with its brackets, an object's opening brace alone.
/// </summary>
internal readonly record struct JsonValue(JsonKind Kind, int Start, int Length, bool Escaped)
{
    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> json) => json.Slice(Start, Length);
}
