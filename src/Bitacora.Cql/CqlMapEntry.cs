namespace Bitacora.Cql;

/// <summary>A key of a map and its value.</summary>
public readonly ref struct CqlMapEntry
{
    internal CqlMapEntry(CqlValue key, CqlValue value)
    {
        Key = key;
        Value = value;
    }

    /// <summary>The key.</summary>
    public CqlValue Key { get; }

    /// <summary>Its value.</summary>
    public CqlValue Value { get; }

    /// <summary>For <c>foreach (var (key, value) in map)</c>.</summary>
    public void Deconstruct(out CqlValue key, out CqlValue value)
    {
        key = Key;
        value = Value;
    }
}
