namespace Bitacora.Alerting;

/// <summary>What a notification tells.</summary>
public enum AlertKind
{
    /// <summary>A rule has begun to hold.</summary>
    Fired,

    /// <summary>The same, found only when records arrived late.</summary>
    Late,

    /// <summary>It still holds after the repeat interval.</summary>
    Repeated,

    /// <summary>It holds no more.</summary>
    Resolved,

    /// <summary>A test, which says that it is one.</summary>
    Test,
}
