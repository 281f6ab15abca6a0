namespace Bitacora.Ingestion.Pickle;

/// <summary>What a value of a pickle holds. It may hold itself.</summary>
internal sealed class PickleContainer
{
    private List<PickleValue>? _items;

    /// <summary>The values of a tuple or list; keys and values of a dictionary in turn; of an object, what was put into it.</summary>
    public IReadOnlyList<PickleValue> Items => _items ?? (IReadOnlyList<PickleValue>)[];

    /// <summary>Whether the items are keys and values in turn.</summary>
    public bool ArePairs { get; private set; }

    /// <summary>Of an object: what would be called.</summary>
    public PickleValue Callable { get; init; }

    /// <summary>Of an object: what it would be called with, a tuple.</summary>
    public PickleValue Arguments { get; init; }

    /// <summary>Of an object: what its attributes would be set to.</summary>
    public PickleValue State { get; set; }

    /// <summary>Whether it is being written, so that who comes upon it again has gone round in a circle.</summary>
    public bool IsOpen { get; set; }

    public void Add(ReadOnlySpan<PickleValue> values) => (_items ??= new List<PickleValue>(values.Length)).AddRange(values);

    public void AddPairs(ReadOnlySpan<PickleValue> values)
    {
        ArePairs = true;
        Add(values);
    }
}
