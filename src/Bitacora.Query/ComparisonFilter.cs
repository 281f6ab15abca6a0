using Bitacora.Query.Evaluation;
using Bitacora.Records;

namespace Bitacora.Query;

/// <summary>Compares the value of a text field, the duration, the id or an attribute; false where it is missing.</summary>
public sealed class ComparisonFilter : Filter
{
    internal ComparisonFilter(FieldReference field, ValuePredicate predicate)
    {
        Field = field;
        Predicate = predicate;
    }

    /// <summary>The field, whose kind is Text, Duration, Id or Attribute.</summary>
    public FieldReference Field { get; }

    /// <summary>What its value must fulfil.</summary>
    public ValuePredicate Predicate { get; }

    internal override int Cost => Predicate is RegexPredicate ? 3 : 1;

    /// <inheritdoc/>
    public override bool Matches(in RecordReader record)
    {
        switch (Field.Kind)
        {
            case FieldKind.Text:
                ReadOnlySpan<byte> text = record.Text(Field.Text);
                return !text.IsEmpty && Predicate.Matches(text);
            case FieldKind.Attribute:
                return record.TryGetAttribute(Field.Utf8Name, out AttributeReader attribute) && Predicate.Matches(attribute);
            case FieldKind.Duration:
                return record.TryGetDuration(out double milliseconds) && Predicate.Matches(milliseconds);
            default:
                Span<byte> id = stackalloc byte[36];
                return Predicate.Matches(id[..FieldText.Write(record.Id, id)]);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Field}{Predicate}";
}
