namespace Bitacora.Cql;

/// <summary>For statements without markers.</summary>
public readonly struct NoValues : ICqlValues
{
    /// <inheritdoc/>
    public void WriteTo(ref ValueWriter writer)
    {
    }
}
