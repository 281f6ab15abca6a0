namespace Bitacora.Storage.Cassandra.Schema;

/// <summary>What of manifests is read beside keys, times and levels. What is not needed costs more to read than all the rest.</summary>
[Flags]
internal enum ManifestParts
{
    /// <summary>Nothing more.</summary>
    None = 0,

    /// <summary>Counts by minute, level, source and logger.</summary>
    Counts = 1,

    /// <summary>Hashes of ids.</summary>
    Ids = 2,

    /// <summary>The attributes.</summary>
    Fields = 4,
}
