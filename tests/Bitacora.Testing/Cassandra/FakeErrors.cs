using System.Net;
using Bitacora.Testing.Cassandra.Wire;

namespace Bitacora.Testing.Cassandra;

/// <summary>ERROR messages of every code, in the layout of the connection's version.</summary>
public static class FakeErrors
{
    public static FakeReply Server(string message = "java.lang.RuntimeException") => Plain(0x0000, message);

    public static FakeReply Protocol(string message) => Plain(0x000A, message);

    public static FakeReply BadCredentials(string message = "Provided username and/or password are incorrect") => Plain(0x0100, message);

    public static FakeReply Unavailable(int consistency = 4, int required = 2, int alive = 1) =>
        Of(0x1000, "Cannot achieve consistency level", (writer, _) => writer.Short(consistency).Int(required).Int(alive));

    public static FakeReply Overloaded(string message = "Request breached limit(s)") => Plain(0x1001, message);

    public static FakeReply Bootstrapping() => Plain(0x1002, "Cannot read from a bootstrapping node");

    public static FakeReply Truncate() => Plain(0x1003, "Truncate timed out");

    public static FakeReply WriteTimeout(
        string writeType = "SIMPLE", int received = 0, int required = 1, int consistency = 1, int contentions = 0) =>
        Of(0x1100, "Operation timed out", (writer, version) =>
        {
            writer.Short(consistency).Int(received).Int(required).String(writeType);
            if (writeType == "CAS" && version >= 5)
            {
                writer.Short(contentions);
            }
        });

    public static FakeReply ReadTimeout(int received = 0, int required = 1, bool dataPresent = false, int consistency = 1) =>
        Of(0x1200, "Operation timed out", (writer, _) =>
            writer.Short(consistency).Int(received).Int(required).Byte((byte)(dataPresent ? 1 : 0)));

    public static FakeReply ReadFailure(
        IReadOnlyDictionary<IPAddress, int> reasons, int received = 0, int required = 1, bool dataPresent = false, int consistency = 1) =>
        Of(0x1300, "Operation failed", (writer, version) => Reasons(
            writer.Short(consistency).Int(received).Int(required), version, reasons).Byte((byte)(dataPresent ? 1 : 0)));

    public static FakeReply FunctionFailure(string keyspace, string function, params string[] types) =>
        Of(0x1400, "execution of function failed", (writer, _) => writer.String(keyspace).String(function).StringList(types));

    public static FakeReply WriteFailure(
        IReadOnlyDictionary<IPAddress, int> reasons, string writeType = "SIMPLE", int received = 0, int required = 1,
        int consistency = 1) =>
        Of(0x1500, "Operation failed", (writer, version) => Reasons(
            writer.Short(consistency).Int(received).Int(required), version, reasons).String(writeType));

    public static FakeReply ChangeCaptureFailure() => Plain(0x1600, "CDC space is full");

    public static FakeReply CompareAndSetUnknown(int received = 1, int required = 2, int consistency = 8) =>
        Of(0x1700, "CAS operation result is unknown", (writer, _) => writer.Short(consistency).Int(received).Int(required));

    public static FakeReply Syntax(string message = "line 1:0 no viable alternative") => Plain(0x2000, message);

    public static FakeReply Unauthorized(string message = "User has no SELECT permission") => Plain(0x2100, message);

    public static FakeReply Invalid(string message) => Plain(0x2200, message);

    public static FakeReply Configuration(string message) => Plain(0x2300, message);

    public static FakeReply AlreadyExists(string keyspace, string table = "") =>
        Of(0x2400, "Cannot add already existing table", (writer, _) => writer.String(keyspace).String(table));

    public static FakeReply Unprepared(byte[] id) =>
        Of(0x2500, "Prepared query with ID not found", (writer, _) => writer.ShortBytes(id));

    /// <summary>An error of any code that has nothing after its message.</summary>
    public static FakeReply Plain(int code, string message) => Of(code, message, (_, _) => { });

    private static FakeReply Of(int code, string message, Action<WireWriter, int> rest) => new(MessageKind.Error, (writer, context) =>
        rest(writer.Int(code).String(message), context.Version));

    private static WireWriter Reasons(WireWriter writer, int version, IReadOnlyDictionary<IPAddress, int> reasons)
    {
        writer.Int(reasons.Count);
        foreach (var (address, reason) in reasons)
        {
            _ = version >= 5 ? writer.InetAddress(address).Short(reason) : writer;
        }

        return writer;
    }
}
