namespace Bitacora.Ingestion.Journal;

/// <summary>Where a field of an entry lies in the entry's text.</summary>
internal readonly record struct FieldPlace(int NameStart, int NameLength, int ValueStart, int ValueLength)
{
    public ReadOnlySpan<byte> Name(ReadOnlySpan<byte> text) => text.Slice(NameStart, NameLength);

    public ReadOnlySpan<byte> Value(ReadOnlySpan<byte> text) => text.Slice(ValueStart, ValueLength);
}
