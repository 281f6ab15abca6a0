using Bitacora.Cql;
using Bitacora.Records;
using Bitacora.Storage.Cassandra.Partitioning;
using Bitacora.Storage.Cassandra.Schema;

namespace Bitacora.Storage.Cassandra.Writing;

/// <summary>
/// The values of <see cref="Statements.InsertRecord"/>, copied from an encoded record straight into the request. What a record does not
/// have is left unset: a null would be a tombstone.
/// </summary>
internal readonly ref struct RecordValues(
    PartitionKey key, RecordReader record, AttributeOrder order, IndexedText indexed, int timeToLive) : ICqlValues
{
    private readonly RecordReader _record = record;

    public void WriteTo(ref ValueWriter values)
    {
        values.WriteDate(key.Date);
        values.WriteInt16(key.Bucket);
        values.WriteInt16(key.Shard);
        values.WriteUtf8(Levels.Utf8Name(_record.Level));
        values.WriteTimestamp(_record.Time / RecordTime.Millisecond);
        values.WriteUuid(_record.Id.ToGuid());
        var texts = new ShortTexts(_record);
        Text(ref values, indexed.Cut(texts.Next(NamedField.Source)));
        Text(ref values, indexed.Cut(texts.Next(NamedField.Logger)));
        Text(ref values, texts.Next(NamedField.Host));
        Text(ref values, _record.Message);
        Text(ref values, _record.Template);
        Text(ref values, _record.Traceback);
        Text(ref values, indexed.Cut(texts.Next(NamedField.RequestId)));
        Text(ref values, texts.Next(NamedField.UserId));
        Text(ref values, texts.Next(NamedField.SessionId));
        Text(ref values, texts.Next(NamedField.TraceId));
        Text(ref values, texts.Next(NamedField.SpanId));
        if (_record.TryGetDuration(out var milliseconds))
        {
            values.WriteDouble(milliseconds);
        }
        else
        {
            values.WriteUnset();
        }

        WriteAttributes(ref values);
        values.WriteInt32(timeToLive);
    }

    private static void Text(ref ValueWriter values, scoped ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            values.WriteUnset();
        }
        else
        {
            values.WriteUtf8(text);
        }
    }

    private void WriteAttributes(ref ValueWriter values)
    {
        if (_record.AttributeCount == 0)
        {
            values.WriteUnset();
            values.WriteUnset();
            return;
        }

        order.Read(_record);
        Span<byte> scratch = stackalloc byte[ValueText.MaxLength];
        values.BeginCollection();
        foreach (var attribute in _record.Attributes)
        {
            values.WriteUtf8(attribute.Name);
            values.WriteUtf8(attribute.Text(scratch));
        }

        values.EndCollection();
        values.WriteUtf8(order.Types);
    }
}
