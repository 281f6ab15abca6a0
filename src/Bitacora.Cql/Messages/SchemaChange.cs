using Bitacora.Cql.Values;

namespace Bitacora.Cql.Messages;

/// <summary>A keyspace, table or something in a keyspace was made, changed or dropped.</summary>
internal sealed record SchemaChange(string Change, string Target, string Keyspace, string? Name)
{
    public bool IsKeyspace => Target == "KEYSPACE";

    public static SchemaChange Read(ref WireReader reader)
    {
        var (change, target, keyspace) = (reader.ReadString(), reader.ReadString(), reader.ReadString());
        return new SchemaChange(change, target, keyspace, target == "KEYSPACE" ? null : reader.ReadString());
    }
}
