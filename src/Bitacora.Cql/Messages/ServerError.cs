using System.Net;
using Bitacora.Cql.Frames;
using Bitacora.Cql.Values;

namespace Bitacora.Cql.Messages;

/// <summary>The body of an ERROR. What a newer server adds behind the known fields is ignored, an unknown code keeps its number.</summary>
internal static class ServerError
{
    public static CqlServerException Read(ref WireReader reader, ProtocolVersion version)
    {
        var code = (CqlErrorCode)reader.ReadInt32();
        var message = reader.ReadString();
        return code switch
        {
            CqlErrorCode.Unavailable => ReadUnavailable(ref reader, message),
            CqlErrorCode.WriteTimeout => ReadTimeout(ref reader, code, message, isWrite: true),
            CqlErrorCode.ReadTimeout => ReadTimeout(ref reader, code, message, isWrite: false),
            CqlErrorCode.WriteFailure => ReadFailure(ref reader, version, code, message, isWrite: true),
            CqlErrorCode.ReadFailure => ReadFailure(ref reader, version, code, message, isWrite: false),
            CqlErrorCode.CasWriteUnknown => ReadReplicas(ref reader, code, message),
            CqlErrorCode.AlreadyExists => ReadAlreadyExists(ref reader, message),
            CqlErrorCode.Unprepared => new CqlServerException(code, message) { UnknownId = reader.ReadShortBytes().ToArray() },
            _ => new CqlServerException(code, message),
        };
    }

    private static CqlServerException ReadUnavailable(ref WireReader reader, string message)
    {
        var (consistency, required, alive) = ((Consistency)reader.ReadUInt16(), reader.ReadInt32(), reader.ReadInt32());
        return new CqlServerException(CqlErrorCode.Unavailable, message)
        {
            Consistency = consistency,
            Required = required,
            Received = alive,
        };
    }

    private static CqlServerException ReadReplicas(ref WireReader reader, CqlErrorCode code, string message)
    {
        var (consistency, received, required) = ((Consistency)reader.ReadUInt16(), reader.ReadInt32(), reader.ReadInt32());
        return new CqlServerException(code, message) { Consistency = consistency, Required = required, Received = received };
    }

    private static CqlServerException ReadTimeout(ref WireReader reader, CqlErrorCode code, string message, bool isWrite)
    {
        var (consistency, received, required) = ((Consistency)reader.ReadUInt16(), reader.ReadInt32(), reader.ReadInt32());
        return new CqlServerException(code, message)
        {
            Consistency = consistency,
            Received = received,
            Required = required,
            WriteType = isWrite ? reader.ReadString() : null,
            DataPresent = isWrite ? null : reader.ReadByte() != 0,
        };
    }

    private static CqlServerException ReadFailure(
        ref WireReader reader, ProtocolVersion version, CqlErrorCode code, string message, bool isWrite)
    {
        var (consistency, received, required) = ((Consistency)reader.ReadUInt16(), reader.ReadInt32(), reader.ReadInt32());
        var (failures, reasons) = version >= ProtocolVersion.V5 ? ReadReasons(ref reader) : (reader.ReadInt32(), null);
        return new CqlServerException(code, message)
        {
            Consistency = consistency,
            Received = received,
            Required = required,
            Failures = failures,
            FailureReasons = reasons,
            WriteType = isWrite ? reader.ReadString() : null,
            DataPresent = isWrite ? null : reader.ReadByte() != 0,
        };
    }

    private static (int Failures, Dictionary<IPAddress, int> Reasons) ReadReasons(ref WireReader reader)
    {
        // An address of four bytes with its length, and a reason.
        var count = reader.ReadInt32Count(1 + 4 + sizeof(ushort));
        var reasons = new Dictionary<IPAddress, int>();
        for (var left = count; left > 0; left--)
        {
            reasons[reader.ReadAddress()] = reader.ReadUInt16();
        }

        return (count, reasons);
    }

    private static CqlServerException ReadAlreadyExists(ref WireReader reader, string message)
    {
        var (keyspace, table) = (reader.ReadString(), reader.ReadString());
        return new CqlServerException(CqlErrorCode.AlreadyExists, message)
        {
            Existing = table.Length == 0 ? keyspace : $"{keyspace}.{table}",
        };
    }
}
