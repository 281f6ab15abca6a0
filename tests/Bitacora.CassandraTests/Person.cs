using Bitacora.Cql;

namespace Bitacora.CassandraTests;

/// <summary>Values of the usual table.</summary>
internal readonly record struct Person(int Id, string? Name) : ICqlValues
{
    public void WriteTo(ref ValueWriter writer)
    {
        writer.WriteInt32(Id);
        writer.WriteText(Name);
    }
}
