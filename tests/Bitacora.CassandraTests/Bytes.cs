using Bitacora.Cql;

namespace Bitacora.CassandraTests;

/// <summary>A partition, a place in it, and bytes.</summary>
internal readonly record struct Bytes(int Partition, int Place, int Length) : ICqlValues
{
    public void WriteTo(ref ValueWriter writer)
    {
        writer.WriteInt32(Partition);
        writer.WriteInt32(Place);
        writer.WriteBlob(new byte[Length]);
    }
}
