using Bitacora.Records;

namespace Bitacora.Ingestion.Lines;

/// <summary>Attributes that a line may lack.</summary>
internal static class OptionalAttributes
{
    public static void AddIfAny(this RecordWriter record, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty)
        {
            record.AddAttribute(name, value);
        }
    }

    public static void AddIfAny(this RecordWriter record, ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } number)
        {
            record.AddAttribute(name, number);
        }
    }
}
