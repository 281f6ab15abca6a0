namespace Bitacora.Storage;

/// <summary>How a live tail begins.</summary>
public sealed record TailOptions
{
    /// <summary>The defaults.</summary>
    public static TailOptions Default { get; } = new();

    /// <summary>Begin with what is stored since, in units of 100 ns since 1970. Null: only what is stored from now on.</summary>
    public long? From { get; init; }

    /// <summary>Batches that may wait for a slow reader before they are passed over and counted. Default 256.</summary>
    public int Buffer { get; init; } = 256;
}
