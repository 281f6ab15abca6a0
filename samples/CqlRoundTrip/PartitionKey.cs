using Bitacora.Cql;

namespace CqlRoundTrip;

/// <summary>What is read at once.</summary>
internal readonly record struct PartitionKey(int Partition) : ICqlValues
{
    public void WriteTo(ref ValueWriter writer) => writer.WriteInt32(Partition);
}
