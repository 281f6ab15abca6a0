using Bitacora.Records;

namespace Bitacora.Query;

/// <summary>A condition on one record: the tree that a query's terms, AND, OR and NOT make.</summary>
/// <remarks>Immutable and safe to use from several threads. A store may walk the tree to narrow what it reads;
/// <see cref="Matches"/> decides. Terms on <c>time</c> are no part of it: they narrow <see cref="LogQuery.Range"/>.</remarks>
public abstract class Filter
{
    private protected Filter()
    {
    }

    /// <summary>How dear the condition is beside others: AND and OR ask cheap ones first, which changes no answer.</summary>
    internal virtual int Cost => 0;

    /// <summary>Whether the record fulfils the condition; allocates nothing.</summary>
    /// <param name="record">The record.</param>
    /// <returns>True or false: a comparison with a missing field is false.</returns>
    public abstract bool Matches(in RecordReader record);
}
