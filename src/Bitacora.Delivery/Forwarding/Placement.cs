namespace Bitacora.Delivery.Forwarding;

/// <summary>Where a written batch waits for the destination.</summary>
internal enum Placement
{
    /// <summary>In memory.</summary>
    InMemory,

    /// <summary>In the log only, and it is the first that does.</summary>
    FirstInLog,

    /// <summary>In the log only, as those before it.</summary>
    InLog,
}
