namespace Bitacora.Server;

/// <summary>What the holder of an API key may do.</summary>
[Flags]
public enum KeyScope
{
    /// <summary>Nothing: what everybody may, such as asking whether the server lives.</summary>
    None = 0,

    /// <summary>Send records, and ask what has arrived.</summary>
    Ingest = 1,

    /// <summary>Search, tail, count; status, counters and the page.</summary>
    Read = 2,

    /// <summary>Delete by age.</summary>
    Manage = 4,

    /// <summary>Everything.</summary>
    All = Ingest | Read | Manage,
}
