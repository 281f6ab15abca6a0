namespace Bitacora.Query;

/// <summary>What a function of <c>stats</c> computes.</summary>
public enum AggregateFunctionKind
{
    /// <summary>The number of records, or of those that have the field.</summary>
    Count,

    /// <summary>The sum of the field's numbers.</summary>
    Sum,

    /// <summary>The mean of the field's numbers.</summary>
    Average,

    /// <summary>The least of the field's numbers.</summary>
    Minimum,

    /// <summary>The greatest of the field's numbers.</summary>
    Maximum,

    /// <summary>An approximate percentile of the field's numbers (buckets of its top 18 bits).</summary>
    Percentile,

    /// <summary>The number of different texts of the field.</summary>
    Distinct,
}
