namespace Bitacora.Server;

/// <summary>Where a server keeps records.</summary>
public enum StoreKind
{
    /// <summary>In its data directory: one machine, no set-up.</summary>
    Embedded,

    /// <summary>On an Apache Cassandra cluster, which several servers may share.</summary>
    Cassandra,
}
