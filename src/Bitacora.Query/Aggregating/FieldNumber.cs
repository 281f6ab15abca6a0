using Bitacora.Query.Parsing;
using Bitacora.Records;

namespace Bitacora.Query.Aggregating;

/// <summary>The numbers that functions compute with (rule 9).</summary>
internal static class FieldNumber
{
    /// <summary>Reads the field's number; <paramref name="isSkipped"/> says that it has a value which is none.</summary>
    internal static bool TryGet(FieldReference field, in RecordReader record, out QueryNumber number, out bool isSkipped)
    {
        number = default;
        bool found = false;
        bool isNumber = false;
        switch (field.Kind)
        {
            case FieldKind.Duration:
                found = record.TryGetDuration(out double milliseconds);
                isNumber = found && TryNumber(milliseconds, out number);
                break;
            case FieldKind.Text:
                ReadOnlySpan<byte> text = record.Text(field.Text);
                found = !text.IsEmpty;
                isNumber = NumberLiteral.TryParseJson(text, out number);
                break;
            case FieldKind.Attribute:
                found = record.TryGetAttribute(field.Utf8Name, out AttributeReader attribute);
                isNumber = found && TryNumber(attribute, out number);
                break;
        }

        isSkipped = found && !isNumber;
        return isNumber;
    }

    private static bool TryNumber(in AttributeReader attribute, out QueryNumber number)
    {
        switch (attribute.Type)
        {
            case AttributeType.Int64:
                number = new QueryNumber(attribute.Int64);
                return true;
            case AttributeType.Double:
                return TryNumber(attribute.Double, out number);
            case AttributeType.String:
                return NumberLiteral.TryParseJson(attribute.String, out number);
            default:
                number = default;
                return false;
        }
    }

    private static bool TryNumber(double value, out QueryNumber number)
    {
        number = new QueryNumber(value);
        return !double.IsNaN(value);
    }
}
