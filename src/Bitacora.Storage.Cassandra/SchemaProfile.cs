namespace Bitacora.Storage.Cassandra;

/// <summary>Whether the tables of records have secondary indexes. Nothing in the product needs them.</summary>
public enum SchemaProfile
{
    /// <summary>
    /// With indexes, so that SELECTs by date, level, logger, source and request id run in cqlsh. Needs Cassandra 5.0; costs about 70 % of
    /// the rate of writing.
    /// </summary>
    Compat,

    /// <summary>Without; the same questions are answered by queries of the product.</summary>
    Scale,
}
