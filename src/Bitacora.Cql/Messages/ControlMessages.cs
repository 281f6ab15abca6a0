using System.Text;
using Bitacora.Cql.Frames;
using Bitacora.Cql.Values;

namespace Bitacora.Cql.Messages;

/// <summary>The bodies of the requests that are rare: a connection's set-up, PREPARE, the client's own queries.</summary>
internal static class ControlMessages
{
    /// <summary>The client's name in <c>nodetool clientstats</c>.</summary>
    public const string DriverName = "Bitacora.Cql";

    public static byte[] Startup(CqlOptions options)
    {
        var entries = new Dictionary<string, string>
        {
            ["CQL_VERSION"] = "3.0.0",
            ["DRIVER_NAME"] = DriverName,
            ["DRIVER_VERSION"] = typeof(ControlMessages).Assembly.GetName().Version?.ToString(3) ?? "0",
        };
        if (options.ApplicationName is { } name)
        {
            entries["APPLICATION_NAME"] = name;
        }

        if (options.RefuseWhenOverloaded)
        {
            entries["THROW_ON_OVERLOAD"] = "1";
        }

        var body = new byte[sizeof(ushort) + entries.Sum(entry => StringSize(entry.Key) + StringSize(entry.Value))];
        var writer = new WireWriter(body);
        writer.WriteUInt16(entries.Count);
        foreach (var (key, value) in entries)
        {
            writer.WriteString(key);
            writer.WriteString(value);
        }

        return body;
    }

    /// <summary>SASL PLAIN: 0, user, 0, password.</summary>
    public static byte[] PlainToken(CqlCredentials credentials)
    {
        var token = Encoding.UTF8.GetBytes($"\0{credentials.User}\0{credentials.Password}");
        var body = new byte[sizeof(int) + token.Length];
        new WireWriter(body).WriteBytes(token);
        return body;
    }

    public static byte[] Register(params string[] events)
    {
        var body = new byte[sizeof(ushort) + events.Sum(StringSize)];
        var writer = new WireWriter(body);
        writer.WriteUInt16(events.Length);
        foreach (var name in events)
        {
            writer.WriteString(name);
        }

        return body;
    }

    public static byte[] Prepare(string cql, ProtocolVersion version)
    {
        var text = Encoding.UTF8.GetBytes(cql);
        var body = new byte[sizeof(int) + text.Length + (version >= ProtocolVersion.V5 ? sizeof(int) : 0)];
        new WireWriter(body).WriteBytes(text);
        return body;
    }

    public static byte[] Query(string cql, Consistency consistency, ProtocolVersion version)
    {
        var text = Encoding.UTF8.GetBytes(cql);
        var parameters = new QueryParameters { Consistency = consistency };
        var body = new byte[sizeof(int) + text.Length + parameters.Measure(version)];
        var writer = new WireWriter(body);
        writer.WriteBytes(text);
        parameters.Write(ref writer, version, default, default);
        return body;
    }

    private static int StringSize(string text) => sizeof(ushort) + Encoding.UTF8.GetByteCount(text);
}
