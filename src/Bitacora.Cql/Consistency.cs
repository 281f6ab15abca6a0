namespace Bitacora.Cql;

/// <summary>How many replicas must answer before a request counts as done.</summary>
public enum Consistency
{
    /// <summary>Any node, a stored hint too. Writes only.</summary>
    Any = 0,

    /// <summary>One replica.</summary>
    One = 1,

    /// <summary>Two replicas.</summary>
    Two = 2,

    /// <summary>Three replicas.</summary>
    Three = 3,

    /// <summary>A majority of all replicas.</summary>
    Quorum = 4,

    /// <summary>All replicas.</summary>
    All = 5,

    /// <summary>A majority in the coordinator's datacenter: the default.</summary>
    LocalQuorum = 6,

    /// <summary>A majority in each datacenter. Writes only.</summary>
    EachQuorum = 7,

    /// <summary>Lightweight transactions over all datacenters; as a read, it finishes those under way.</summary>
    Serial = 8,

    /// <summary>Lightweight transactions within the coordinator's datacenter.</summary>
    LocalSerial = 9,

    /// <summary>One replica in the coordinator's datacenter.</summary>
    LocalOne = 10,
}
