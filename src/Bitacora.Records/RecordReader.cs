using System.Buffers.Binary;
using System.Text;
using Bitacora.Records.Format;

namespace Bitacora.Records;

/// <summary>
/// One encoded record, read where it lies: nothing is copied or allocated. Valid as long as the batch's bytes are. A field that the
/// record does not have is an empty span; named fields are never present and empty.
/// </summary>
public readonly ref struct RecordReader
{
    private readonly ReadOnlySpan<byte> _record;
    private readonly ulong _originHash;

    internal RecordReader(ReadOnlySpan<byte> record, ulong originHash)
    {
        _record = record;
        _originHash = originHash;
    }

    /// <summary>The record's encoded bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _record;

    /// <summary>The level.</summary>
    public Level Level => (Level)_record[RecordLayout.Level];

    /// <summary>The layer.</summary>
    public Layer Layer => (Layer)_record[RecordLayout.Layer];

    /// <summary>Which entry of the batch's origin table numbered it.</summary>
    public int OriginIndex => _record[RecordLayout.OriginIndex];

    /// <summary>The event's time, in units of 100 ns since 1970, UTC.</summary>
    public long Time => BinaryPrimitives.ReadInt64LittleEndian(_record[RecordLayout.Time..]);

    /// <summary>Its number at its origin.</summary>
    public ulong Position => BinaryPrimitives.ReadUInt64LittleEndian(_record[RecordLayout.Position..]);

    /// <summary>The record's identity, derived from time, sender, origin and position.</summary>
    public RecordId Id => Hash60.IdOf(Time, _originHash, Position);

    /// <summary>The rendered message, UTF-8.</summary>
    public ReadOnlySpan<byte> Message => _record.Slice(RecordLayout.HeaderSize, MessageLength);

    /// <summary>The exception with its causes, UTF-8.</summary>
    public ReadOnlySpan<byte> Traceback => _record.Slice(RecordLayout.HeaderSize + MessageLength, TracebackLength);

    /// <summary>The message template, UTF-8.</summary>
    public ReadOnlySpan<byte> Template =>
        _record.Slice(RecordLayout.HeaderSize + MessageLength + TracebackLength, TemplateLength);

    /// <summary>The short text fields that it has, in the order of their numbers.</summary>
    public ShortTextEnumerator ShortTexts => new(_record[ShortFieldsOffset..], Presence);

    /// <summary>The number of attributes.</summary>
    public int AttributeCount => BinaryPrimitives.ReadUInt16LittleEndian(_record[RecordLayout.AttributeCount..]);

    /// <summary>The attributes.</summary>
    public AttributeEnumerator Attributes
    {
        get
        {
            var offset = OffsetBehind(NamedFields.ShortCount);
            offset += (Presence & RecordLayout.DurationBit) != 0 ? sizeof(double) : 0;
            return new AttributeEnumerator(_record[offset..], AttributeCount);
        }
    }

    private int MessageLength => (int)BinaryPrimitives.ReadUInt32LittleEndian(_record[RecordLayout.MessageLength..]);

    private int TracebackLength => (int)BinaryPrimitives.ReadUInt32LittleEndian(_record[RecordLayout.TracebackLength..]);

    private int TemplateLength => (int)BinaryPrimitives.ReadUInt32LittleEndian(_record[RecordLayout.TemplateLength..]);

    private int Presence => BinaryPrimitives.ReadUInt16LittleEndian(_record[RecordLayout.Presence..]);

    private int ShortFieldsOffset => RecordLayout.HeaderSize + MessageLength + TracebackLength + TemplateLength;

    /// <summary>A named text field, UTF-8; empty where the record does not have it.</summary>
    public ReadOnlySpan<byte> Text(NamedField field)
    {
        switch (field)
        {
            case NamedField.Message:
                return Message;
            case NamedField.Traceback:
                return Traceback;
            case NamedField.Template:
                return Template;
        }

        int presence = Presence;
        if ((presence & (1 << (int)field)) == 0)
        {
            return default;
        }

        var offset = OffsetBehind((int)field);
        return _record.Slice(offset + sizeof(ushort), BinaryPrimitives.ReadUInt16LittleEndian(_record[offset..]));
    }

    /// <summary>The duration in milliseconds, where the record has one.</summary>
    public bool TryGetDuration(out double milliseconds)
    {
        int presence = Presence;
        if ((presence & RecordLayout.DurationBit) == 0)
        {
            milliseconds = 0;
            return false;
        }

        milliseconds = BinaryPrimitives.ReadDoubleLittleEndian(_record[OffsetBehind(NamedFields.ShortCount)..]);
        return true;
    }

    /// <summary>The attribute of that name (case-sensitive), where the record has one.</summary>
    public bool TryGetAttribute(ReadOnlySpan<byte> name, out AttributeReader attribute)
    {
        foreach (var candidate in Attributes)
        {
            if (candidate.Name.SequenceEqual(name))
            {
                attribute = candidate;
                return true;
            }
        }

        attribute = default;
        return false;
    }

    /// <summary>The record as an object, for the few that a person looks at.</summary>
    public LogRecord ToLogRecord()
    {
        var attributes = new List<KeyValuePair<string, AttributeValue>>(AttributeCount);
        foreach (var attribute in Attributes)
        {
            attributes.Add(new(Encoding.UTF8.GetString(attribute.Name), attribute.ToValue()));
        }

        return new LogRecord
        {
            Id = Id,
            Level = Level,
            Layer = Layer,
            Source = StringOf(NamedField.Source),
            Logger = StringOf(NamedField.Logger),
            Host = StringOf(NamedField.Host),
            Message = StringOf(NamedField.Message),
            Template = StringOf(NamedField.Template),
            Traceback = StringOf(NamedField.Traceback),
            RequestId = StringOf(NamedField.RequestId),
            UserId = StringOf(NamedField.UserId),
            SessionId = StringOf(NamedField.SessionId),
            TraceId = StringOf(NamedField.TraceId),
            SpanId = StringOf(NamedField.SpanId),
            DurationMs = TryGetDuration(out var duration) ? duration : null,
            Attributes = attributes,
        };
    }

    /// <summary>Where the first so many short fields end, those that the record has.</summary>
    private int OffsetBehind(int shortFields)
    {
        var offset = ShortFieldsOffset;
        int presence = Presence;
        for (var i = 0; i < shortFields; i++)
        {
            if ((presence & (1 << i)) != 0)
            {
                offset += sizeof(ushort) + BinaryPrimitives.ReadUInt16LittleEndian(_record[offset..]);
            }
        }

        return offset;
    }

    private string? StringOf(NamedField field)
    {
        var text = Text(field);
        return text.IsEmpty ? null : Encoding.UTF8.GetString(text);
    }
}
