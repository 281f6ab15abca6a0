using Bitacora.Cql.Frames;
using Bitacora.Cql.Values;

namespace Bitacora.Cql.Messages;

/// <summary>What a server answers to PREPARE: how to call the statement, what its markers are and what it will give.</summary>
internal sealed record PreparedAnswer(byte[] Id, byte[] ResultMetadataId, ColumnSet Markers, int[] PartitionKey, ColumnSet ResultColumns)
{
    private const int GlobalTable = 0x1;

    public static PreparedAnswer Read(ref WireReader reader, ProtocolVersion version)
    {
        var id = reader.ReadShortBytes().ToArray();
        var metadataId = version >= ProtocolVersion.V5 ? reader.ReadShortBytes().ToArray() : [];
        var flags = reader.ReadInt32();
        var count = reader.ReadInt32();
        if (count is < 0 or > ushort.MaxValue)
        {
            throw new CqlProtocolException($"a statement with {count} markers came");
        }

        var partitionKey = new int[reader.ReadInt32Count(sizeof(ushort))];
        for (var i = 0; i < partitionKey.Length; i++)
        {
            partitionKey[i] = reader.ReadUInt16();
            if (partitionKey[i] >= count)
            {
                throw new CqlProtocolException($"marker {partitionKey[i]} is part of the partition key, there are {count}");
            }
        }

        var markers = ColumnSet.Read(ref reader, count, (flags & GlobalTable) != 0);
        var result = RowsMetadata.Read(ref reader, version);
        return new PreparedAnswer(id, metadataId, markers, partitionKey, result.Columns ?? ColumnSet.Empty);
    }
}
