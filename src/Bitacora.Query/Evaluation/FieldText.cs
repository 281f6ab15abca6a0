using System.Globalization;
using System.Text;
using Bitacora.Records;

namespace Bitacora.Query.Evaluation;

/// <summary>The values of a record's fields as text: what <c>by</c>, <c>distinct</c> and <c>sort</c> see.</summary>
internal static class FieldText
{
    /// <summary>A UUID's text form has this many characters.</summary>
    internal const int IdLength = 36;

    private static readonly byte[][] LayerNames = ["application"u8.ToArray(), "infrastructure"u8.ToArray()];

    internal static string NameOf(Layer layer) => layer == Layer.Application ? "application" : "infrastructure";

    internal static int Write(RecordId id, Span<byte> destination)
    {
        id.ToGuid().TryFormat(destination, out int length, "D");
        return length;
    }

    internal static bool Exists(FieldReference field, in RecordReader record) => field.Kind switch
    {
        FieldKind.Text => !record.Text(field.Text).IsEmpty,
        FieldKind.Attribute => record.TryGetAttribute(field.Utf8Name, out _),
        FieldKind.Duration => record.TryGetDuration(out _),
        _ => true,
    };

    /// <summary>Finds the field's text; what is not text in the record is written into the scratch, at least 36 bytes.</summary>
    internal static bool TryGet(FieldReference field, in RecordReader record, Span<byte> scratch, out ReadOnlySpan<byte> text)
    {
        switch (field.Kind)
        {
            case FieldKind.Text:
                text = record.Text(field.Text);
                return !text.IsEmpty;
            case FieldKind.Attribute:
                bool found = record.TryGetAttribute(field.Utf8Name, out AttributeReader attribute);
                text = found ? attribute.Text(scratch) : default;
                return found;
            case FieldKind.Duration:
                bool has = record.TryGetDuration(out double milliseconds);
                text = has ? scratch[..ValueText.Write(milliseconds, scratch)] : default;
                return has;
            case FieldKind.Level:
                text = Levels.Utf8Name(record.Level);
                return true;
            case FieldKind.Layer:
                text = LayerNames[(int)record.Layer];
                return true;
            case FieldKind.Time:
                RecordTime.ToDateTimeOffset(record.Time).TryFormat(
                    scratch, out int length, "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
                text = scratch[..length];
                return true;
            default:
                text = scratch[..Write(record.Id, scratch)];
                return true;
        }
    }

    /// <summary>The field's text as a string, or null where it is missing.</summary>
    internal static string? StringOf(FieldReference field, in RecordReader record)
    {
        Span<byte> scratch = stackalloc byte[IdLength];
        return TryGet(field, record, scratch, out ReadOnlySpan<byte> text) ? Encoding.UTF8.GetString(text) : null;
    }
}
