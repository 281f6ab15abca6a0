namespace Bitacora.Storage.Cassandra.Reading;

/// <summary>What of manifests is read beside keys, times and levels.</summary>
internal enum ManifestParts
{
    /// <summary>Nothing more.</summary>
    None,

    /// <summary>Counts and ids: to find out whether a slice may have matching records.</summary>
    CountsAndIds,

    /// <summary>The attributes.</summary>
    Fields,
}
