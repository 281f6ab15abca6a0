using Bitacora.Query.Evaluation;
using Bitacora.Records;

namespace Bitacora.Query;

/// <summary>Matches records that have a field: <c>field:*</c>. An empty string counts in attributes only.</summary>
public sealed class ExistsFilter : Filter
{
    internal ExistsFilter(FieldReference field) => Field = field;

    /// <summary>The field: a text field, the duration or an attribute (every record has the others).</summary>
    public FieldReference Field { get; }

    /// <inheritdoc/>
    public override bool Matches(in RecordReader record) => FieldText.Exists(Field, record);

    /// <inheritdoc/>
    public override string ToString() => $"{Field}:*";
}
