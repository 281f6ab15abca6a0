using System.Security.Cryptography;
using System.Text;
using Bitacora.Testing.Cassandra.Wire;

namespace Bitacora.Testing.Cassandra;

/// <summary>A statement as a node answers its PREPARE and checks its EXECUTEs.</summary>
public sealed record FakePrepared(string Cql)
{
    private const int GlobalTableSpec = 1, NoMetadata = 4;

    /// <summary>Cassandra's own: the MD5 of the text.</summary>
    public byte[] Id { get; init; } = Hash(Cql);

    public byte[] ResultMetadataId { get; init; } = Hash("result of " + Cql);

    public (string Keyspace, string Table) Table { get; init; } = ("ks", "t");

    public IReadOnlyList<FakeColumn> Markers { get; init; } = [];

    /// <summary>For each component of the partition key the marker that supplies it.</summary>
    public IReadOnlyList<int> PartitionKey { get; init; } = [];

    /// <summary>Columns of a SELECT's result; empty for anything else.</summary>
    public IReadOnlyList<FakeColumn> Columns { get; init; } = [];

    internal void Write(WireWriter writer, int version)
    {
        writer.Int(4).ShortBytes(Id);
        _ = version >= 5 ? writer.ShortBytes(ResultMetadataId) : writer;
        writer.Int(Markers.Count > 0 ? GlobalTableSpec : 0).Int(Markers.Count).Int(PartitionKey.Count);
        foreach (var marker in PartitionKey)
        {
            writer.Short(marker);
        }

        if (Markers.Count > 0)
        {
            FakeRows.WriteColumns(writer, Table, Markers, tableSpecPerColumn: false);
        }

        writer.Int(Columns.Count > 0 ? GlobalTableSpec : NoMetadata).Int(Columns.Count);
        if (Columns.Count > 0)
        {
            FakeRows.WriteColumns(writer, Table, Columns, tableSpecPerColumn: false);
        }
    }

    // The protocol's own identifier, no secret.
#pragma warning disable CA5351
    private static byte[] Hash(string text) => MD5.HashData(Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5351
}
