namespace Bitacora.Testing.Cassandra.Proxy;

/// <summary>What a proxy does to the bytes that pass.</summary>
public enum FaultKind
{
    /// <summary>Both sides are closed.</summary>
    Cut,

    /// <summary>One bit of a byte is flipped.</summary>
    Corrupt,

    /// <summary>A byte is left out.</summary>
    Drop,

    /// <summary>A byte goes out twice.</summary>
    Duplicate,

    /// <summary>Nothing more passes in this direction for <see cref="FaultPlan.Delay"/>.</summary>
    Delay,

    /// <summary>Nothing more passes in either direction, though the connection stays open, until the test resumes it.</summary>
    Stall,
}
