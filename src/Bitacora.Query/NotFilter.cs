using Bitacora.Records;

namespace Bitacora.Query;

/// <summary>Matches where its item does not: also where the item is false because a field is missing.</summary>
public sealed class NotFilter : Filter
{
    private NotFilter(Filter item) => Item = item;

    /// <summary>The negated condition, itself no <see cref="NotFilter"/>.</summary>
    public Filter Item { get; }

    /// <summary>The opposite of a condition; of a NOT, what it negates.</summary>
    /// <param name="item">The condition.</param>
    /// <returns>Its opposite.</returns>
    public static Filter Create(Filter item) => item is NotFilter not ? not.Item : new NotFilter(item);

    internal override int Cost => Item.Cost;

    /// <inheritdoc/>
    public override bool Matches(in RecordReader record) => !Item.Matches(record);

    /// <inheritdoc/>
    public override string ToString() => $"NOT {Item}";
}
