namespace Bitacora.Storage.Cassandra.Schema;

/// <summary>What a statement does. All but <see cref="Change"/> add what is missing; set-up does those by itself.</summary>
internal enum SchemaStepKind
{
    Keyspace,
    Table,
    Column,

    /// <summary>A lightweight transaction that notes version and profile.</summary>
    Version,

    Index,

    /// <summary>A lightweight transaction that adds a layout.</summary>
    Layout,

    /// <summary>Alters what there is: only on demand.</summary>
    Change,
}
