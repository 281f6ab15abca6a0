using Bitacora.Cql;

namespace Bitacora.Benchmarks.Cql;

/// <summary>A row of eight columns, about 300 bytes of values unless the message is longer.</summary>
internal readonly record struct CqlBenchmarkRow(int Partition, long Time, Guid Id, string Message) : ICqlValues
{
    /// <summary>What takes these rows.</summary>
    public const string Insert =
        "INSERT INTO bench.logs (partition, time, id, level, source, host, message, duration) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";

    public void WriteTo(ref ValueWriter writer)
    {
        writer.WriteInt32(Partition);
        writer.WriteTimestamp(Time);
        writer.WriteUuid(Id);
        writer.WriteUtf8("WARNING"u8);
        writer.WriteUtf8("checkout-service"u8);
        writer.WriteUtf8("node-17.example.org"u8);
        writer.WriteText(Message);
        writer.WriteDouble(Time);
    }
}
