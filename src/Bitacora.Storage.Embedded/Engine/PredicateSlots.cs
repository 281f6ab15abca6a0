using System.Collections.Concurrent;
using Bitacora.Query;

namespace Bitacora.Storage.Embedded.Engine;

/// <summary>
/// The query language's own predicates under the numbers that SQL calls them by. A slot lives as long as the query that took it. Safe
/// for use from several threads: DuckDB calls from all of its workers.
/// </summary>
internal static class PredicateSlots
{
    private static readonly ConcurrentDictionary<int, ValuePredicate> _predicates = new();
    private static int _last;

    public static int Take(ValuePredicate predicate)
    {
        var slot = Interlocked.Increment(ref _last);
        _predicates[slot] = predicate;
        return slot;
    }

    public static ValuePredicate Get(int slot) => _predicates[slot];

    public static void Release(int slot) => _predicates.TryRemove(slot, out _);
}
