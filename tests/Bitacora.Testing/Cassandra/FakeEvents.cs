using System.Net;

namespace Bitacora.Testing.Cassandra;

/// <summary>EVENT messages; send them with <see cref="FakeNode.Announce"/> or on a connection's stream -1.</summary>
public static class FakeEvents
{
    public const string TopologyChange = "TOPOLOGY_CHANGE";
    public const string StatusChange = "STATUS_CHANGE";
    public const string SchemaChange = "SCHEMA_CHANGE";

    /// <summary>NEW_NODE, REMOVED_NODE, or a word that clients do not know.</summary>
    public static FakeReply Topology(string change, IPEndPoint node) => Of(TopologyChange, change, node);

    /// <summary>UP or DOWN.</summary>
    public static FakeReply Status(string change, IPEndPoint node) => Of(StatusChange, change, node);

    /// <summary>CREATED, UPDATED or DROPPED; KEYSPACE, TABLE, …; keyspace and name.</summary>
    public static FakeReply Schema(string change, string target, params string[] names) => new(MessageKind.Event, (writer, _) =>
    {
        writer.String(SchemaChange).String(change).String(target);
        Array.ForEach(names, name => writer.String(name));
    });

    private static FakeReply Of(string type, string change, IPEndPoint node) =>
        new(MessageKind.Event, (writer, _) => writer.String(type).String(change).Inet(node));
}
