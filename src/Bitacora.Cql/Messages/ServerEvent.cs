using System.Net;
using Bitacora.Cql.Values;

namespace Bitacora.Cql.Messages;

/// <summary>What a server says unasked, on the control connection.</summary>
internal sealed record ServerEvent(string Type, string Change, IPEndPoint? Node, SchemaChange? Schema)
{
    public const string Topology = "TOPOLOGY_CHANGE";
    public const string Status = "STATUS_CHANGE";
    public const string SchemaChanged = "SCHEMA_CHANGE";

    public static ServerEvent Read(ref WireReader reader)
    {
        var type = reader.ReadString();
        switch (type)
        {
            case Topology or Status:
                return new ServerEvent(type, reader.ReadString(), reader.ReadEndPoint(), null);
            case SchemaChanged:
                var schema = SchemaChange.Read(ref reader);
                return new ServerEvent(type, schema.Change, null, schema);
            default:
                return new ServerEvent(type, "", null, null);
        }
    }
}
