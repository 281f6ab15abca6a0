using Bitacora.Query.Parsing;
using Bitacora.Records;

namespace Bitacora.Query.Evaluation;

/// <summary>A value as <c>sort</c> orders it (rule 15): numbers before text, missing last; levels by rank, text by UTF-8 bytes.</summary>
/// <remarks>
/// Numbers compare by their exact values here, so that the order is total also where doubles cannot tell long ones apart.
/// </remarks>
internal readonly ref struct SortValue
{
    private readonly SortClass _class;
    private readonly QueryNumber _number;
    private readonly ReadOnlySpan<byte> _text;

    internal SortValue(QueryNumber number)
    {
        _class = SortClass.Number;
        _number = number;
    }

    internal SortValue(ReadOnlySpan<byte> text, bool isMissing = false)
    {
        _text = text;
        _class = isMissing ? SortClass.Missing
            : NumberLiteral.TryParseJson(text, out _number) ? SortClass.Number
            : SortClass.Text;
    }

    private SortValue(SortKey stored)
    {
        _class = stored.Class;
        _number = stored.Number;
        _text = stored.Text;
    }

    internal static SortValue Missing => new(default, isMissing: true);

    internal static SortValue Of(in SortKey stored) => new(stored);

    /// <summary>The value of a record's field; the scratch of 36 bytes must live as long as the value.</summary>
    internal static SortValue Of(FieldReference field, in RecordReader record, Span<byte> scratch)
    {
        switch (field.Kind)
        {
            case FieldKind.Level:
                return new SortValue(new QueryNumber((long)record.Level));
            case FieldKind.Time:
                return new SortValue(new QueryNumber(record.Time));
            case FieldKind.Duration when record.TryGetDuration(out double milliseconds) && !double.IsNaN(milliseconds):
                return new SortValue(new QueryNumber(milliseconds));
            case FieldKind.Attribute when record.TryGetAttribute(field.Utf8Name, out AttributeReader attribute):
                return attribute.Type switch
                {
                    AttributeType.Int64 => new SortValue(new QueryNumber(attribute.Int64)),
                    AttributeType.Double when !double.IsNaN(attribute.Double) => new SortValue(new QueryNumber(attribute.Double)),
                    _ => new SortValue(attribute.Text(scratch)),
                };
            default:
                return FieldText.TryGet(field, record, scratch, out ReadOnlySpan<byte> text) ? new SortValue(text) : Missing;
        }
    }

    /// <summary>A copy that lives on its own.</summary>
    internal SortKey Store() => new(_class, _number, _class == SortClass.Text ? _text.ToArray() : []);

    /// <summary>Negative if this comes first.</summary>
    internal int CompareTo(SortValue other, bool isDescending)
    {
        if (_class != other._class)
        {
            bool isMissingLast = _class == SortClass.Missing || other._class == SortClass.Missing;
            int order = _class.CompareTo(other._class);
            return isDescending && !isMissingLast ? -order : order;
        }

        int compared = _class switch
        {
            SortClass.Number => Compare(_number, other._number),
            SortClass.Text => _text.SequenceCompareTo(other._text),
            _ => 0,
        };
        return isDescending ? -compared : compared;
    }

    /// <summary>Compares exactly, integers with doubles too; neither is NaN.</summary>
    internal static int Compare(QueryNumber left, QueryNumber right)
    {
        if (left.IsInteger == right.IsInteger)
        {
            return left.IsInteger ? left.Integer.CompareTo(right.Integer) : left.Double.CompareTo(right.Double);
        }

        return left.IsInteger ? Compare(left.Integer, right.Double) : -Compare(right.Integer, left.Double);
    }

    private static int Compare(long left, double right)
    {
        // 2^63 itself is a double; what lies outside of the integers' range is decided by it.
        const double beyond = 9223372036854775808.0;
        if (right >= beyond)
        {
            return -1;
        }

        if (right < -beyond)
        {
            return 1;
        }

        double whole = Math.Floor(right);
        int compared = left.CompareTo((long)whole);
        return compared != 0 || whole == right ? compared : -1;
    }
}
