using Bitacora.Cql;

namespace CqlRoundTrip;

/// <summary>A row of eight columns, about 300 bytes.</summary>
internal readonly record struct LogRow(int Partition, DateTimeOffset Time, Guid Id, string Level, string Source, string Message)
    : ICqlValues
{
    public void WriteTo(ref ValueWriter writer)
    {
        writer.WriteInt32(Partition);
        writer.WriteTimestamp(Time);
        writer.WriteUuid(Id);
        writer.WriteText(Level);
        writer.WriteText(Source);
        writer.WriteText(Message);
        writer.WriteDouble(Id.GetHashCode());
        writer.WriteUnset();
    }
}
