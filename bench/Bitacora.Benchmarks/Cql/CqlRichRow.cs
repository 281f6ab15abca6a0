using Bitacora.Cql;

namespace Bitacora.Benchmarks.Cql;

/// <summary>A row with four maps of three texts each.</summary>
internal readonly record struct CqlRichRow(int Partition, long Time, string Message) : ICqlValues
{
    public const string Insert =
        "INSERT INTO bench.rich (partition, time, id, message, labels, attributes, numbers, resource) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";

    public void WriteTo(ref ValueWriter writer)
    {
        writer.WriteInt32(Partition);
        writer.WriteTimestamp(Time);
        writer.WriteUuid(Guid.Empty);
        writer.WriteText(Message);
        for (var map = 0; map < 4; map++)
        {
            writer.BeginCollection();
            writer.WriteUtf8("request_id"u8);
            writer.WriteUtf8("0123456789abcdef"u8);
            writer.WriteUtf8("route"u8);
            writer.WriteUtf8("/api/orders/{id}"u8);
            writer.WriteUtf8("status"u8);
            writer.WriteUtf8("200"u8);
            writer.EndCollection();
        }
    }
}
