using Bitacora.Records;

namespace Bitacora.Query;

/// <summary>Matches every record: the empty query, <c>*</c>.</summary>
public sealed class AllFilter : Filter
{
    private AllFilter()
    {
    }

    /// <summary>The only one.</summary>
    public static AllFilter Instance { get; } = new();

    /// <inheritdoc/>
    public override bool Matches(in RecordReader record) => true;

    /// <inheritdoc/>
    public override string ToString() => "*";
}
