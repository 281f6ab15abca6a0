using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text.Unicode;

namespace Bitacora.Records.Format;

/// <summary>
/// The fields of the record under construction. Texts and attributes gather in two buffers that are kept from record to record; the
/// limits are enforced here, so no input makes them grow beyond (text limits + attributes × their limits).
/// </summary>
internal sealed class RecordScratch(RecordLimits limits)
{
    private readonly int[] _offsets = new int[NamedFields.Count];
    private readonly int[] _lengths = new int[NamedFields.Count];
    private byte[] _texts = new byte[1024];
    private byte[] _attributes = new byte[1024];
    private int _textsLength;

    // What the texts take in the encoded record, and which short ones there are.
    private int _encodedTexts;
    private int _presence;
    private int _attributesLength;
    private int _attributeCount;
    private int _reservedCount;
    private double _duration;
    private long _time;

    public Level Level { get; set; }

    public Layer Layer { get; set; }

    public bool Truncated { get; set; }

    public bool HasTime { get; private set; }

    public bool HasDuration { get; private set; }

    public long Time => _time;

    public int AttributeCount => _attributeCount;

    public RecordLimits Limits => limits;

    /// <summary>The size of the encoded record. Correct only after <see cref="Fit"/>.</summary>
    public int EncodedLength => RecordLayout.HeaderSize + _encodedTexts + _attributesLength + (HasDuration ? sizeof(double) : 0);

    public void Clear()
    {
        Array.Clear(_lengths);
        _textsLength = _encodedTexts = _presence = _attributesLength = _attributeCount = _reservedCount = 0;
        Level = Level.Info;
        Layer = Layer.Application;
        Truncated = HasTime = HasDuration = false;
    }

    public void SetTime(long unixTicks)
    {
        if (!HasTime)
        {
            (_time, HasTime) = (unixTicks, true);
        }
    }

    public void SetDuration(double milliseconds)
    {
        if (!HasDuration)
        {
            (_duration, HasDuration) = (milliseconds, true);
        }
    }

    public bool Has(NamedField field) => _lengths[(int)field] > 0;

    public void SetText(NamedField field, ReadOnlySpan<byte> utf8)
    {
        if (!utf8.IsEmpty && !Has(field))
        {
            TookText(field, Append(ref _texts, _textsLength, utf8, LimitOf(field)));
        }
    }

    public void SetText(NamedField field, ReadOnlySpan<char> text)
    {
        if (!text.IsEmpty && !Has(field))
        {
            TookText(field, Append(ref _texts, _textsLength, text, LimitOf(field)));
        }
    }

    public bool HasAttribute(ReadOnlySpan<byte> name)
    {
        // Once for each attribute that is added: only the lengths are read of those that cannot be it.
        var attributes = _attributes.AsSpan(0, _attributesLength);
        while (!attributes.IsEmpty)
        {
            var nameLength = BinaryPrimitives.ReadUInt16LittleEndian(attributes);
            if (nameLength == name.Length && attributes.Slice(sizeof(ushort), nameLength).SequenceEqual(name))
            {
                return true;
            }

            var value = sizeof(ushort) + nameLength + 1;
            attributes = attributes[(value + (AttributeType)attributes[value - 1] switch
            {
                AttributeType.String => sizeof(uint) + (int)BinaryPrimitives.ReadUInt32LittleEndian(attributes[value..]),
                AttributeType.Boolean => 1,
                _ => sizeof(long),
            })..];
        }

        return false;
    }

    public void AddAttribute(ReadOnlySpan<byte> name, AttributeType type, ReadOnlySpan<byte> text, long bits)
    {
        if (name.IsEmpty)
        {
            return;
        }

        var reserved = ReservedAttributes.Contains(name);
        if (!reserved && _attributeCount - _reservedCount >= limits.Attributes)
        {
            Truncated = true;
            return;
        }

        var start = _attributesLength;
        Reserve(ref _attributes, start + sizeof(ushort));
        var nameLength = Append(ref _attributes, start + sizeof(ushort), name, limits.AttributeName);
        if (nameLength == 0 || HasAttribute(_attributes.AsSpan(start + sizeof(ushort), nameLength)))
        {
            return;
        }

        BinaryPrimitives.WriteUInt16LittleEndian(_attributes.AsSpan(start), (ushort)nameLength);
        AddValue(start + sizeof(ushort) + nameLength, type, text, bits);
        _reservedCount += reserved ? 1 : 0;
    }

    public void AddAttribute(AttributeName name, AttributeType type, ReadOnlySpan<byte> text, long bits)
    {
        if (!name.IsReady || name.Text.Length > limits.AttributeName || _attributeCount - _reservedCount >= limits.Attributes)
        {
            AddAttribute(name.Text, type, text, bits);
            return;
        }

        var start = _attributesLength;
        Reserve(ref _attributes, start + name.Encoded.Length);
        name.Encoded.CopyTo(_attributes.AsSpan(start));
        AddValue(start + name.Encoded.Length, type, text, bits);
    }

    private void AddValue(int offset, AttributeType type, ReadOnlySpan<byte> text, long bits)
    {
        Reserve(ref _attributes, offset + 1 + sizeof(long));
        _attributes[offset++] = (byte)type;
        switch (type)
        {
            case AttributeType.String:
                var length = Append(ref _attributes, offset + sizeof(uint), text, limits.AttributeValue);
                BinaryPrimitives.WriteUInt32LittleEndian(_attributes.AsSpan(offset), (uint)length);
                offset += sizeof(uint) + length;
                break;
            case AttributeType.Boolean:
                _attributes[offset++] = (byte)bits;
                break;
            default:
                BinaryPrimitives.WriteInt64LittleEndian(_attributes.AsSpan(offset), bits);
                offset += sizeof(long);
                break;
        }

        _attributesLength = offset;
        _attributeCount++;
    }

    /// <summary>Whether a sender's time is taken as it is.</summary>
    public bool IsTime(long time, long arrival) => time >= 0 && time <= Math.Min(arrival + limits.FutureTolerance.Ticks, RecordTime.Max);

    /// <summary>
    /// Gives the record its time, cuts it to the limits that concern it as a whole, and flags it. A second call changes nothing.
    /// </summary>
    public void Fit(long arrival)
    {
        if (!HasTime)
        {
            (_time, HasTime) = (arrival, true);
        }
        else if (!IsTime(_time, arrival))
        {
            Span<byte> text = stackalloc byte[40];
            RecordTime.ToDateTimeOffset(_time).TryFormat(text, out var length, RecordTime.Pattern, CultureInfo.InvariantCulture);
            SetReserved(ReservedAttributes.OriginalTime, AttributeType.String, text[..length], 0);
            _time = arrival;
        }

        var message = _lengths[(int)NamedField.Message];
        var traceback = _lengths[(int)NamedField.Traceback];
        if (message + traceback > limits.Text)
        {
            // The message comes first, but a huge one leaves the traceback up to half.
            CutText(NamedField.Message, limits.Text - Math.Min(traceback, limits.Text / 2));
            CutText(NamedField.Traceback, limits.Text - _lengths[(int)NamedField.Message]);
        }

        CutRecord();
        if (Truncated)
        {
            SetReserved(ReservedAttributes.Truncated, AttributeType.Boolean, default, 1);
        }
    }

    /// <summary>Writes the encoded record into exactly <see cref="EncodedLength"/> bytes.</summary>
    public void Write(Span<byte> record, int originIndex, ulong position)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(record, (uint)record.Length);
        record[RecordLayout.Level] = (byte)Level;
        record[RecordLayout.Layer] = (byte)Layer;
        record[RecordLayout.OriginIndex] = (byte)originIndex;
        record[RecordLayout.Reserved] = 0;
        BinaryPrimitives.WriteInt64LittleEndian(record[RecordLayout.Time..], _time);
        BinaryPrimitives.WriteUInt64LittleEndian(record[RecordLayout.Position..], position);
        var rest = record[RecordLayout.HeaderSize..];
        WriteLong(record, RecordLayout.MessageLength, NamedField.Message, ref rest);
        WriteLong(record, RecordLayout.TracebackLength, NamedField.Traceback, ref rest);
        WriteLong(record, RecordLayout.TemplateLength, NamedField.Template, ref rest);
        for (var left = _presence; left != 0; left &= left - 1)
        {
            var text = TextOf(BitOperations.TrailingZeroCount(left));
            BinaryPrimitives.WriteUInt16LittleEndian(rest, (ushort)text.Length);
            text.CopyTo(rest[sizeof(ushort)..]);
            rest = rest[(sizeof(ushort) + text.Length)..];
        }

        var presence = _presence;

        if (HasDuration)
        {
            presence |= RecordLayout.DurationBit;
            BinaryPrimitives.WriteDoubleLittleEndian(rest, _duration);
            rest = rest[sizeof(double)..];
        }

        BinaryPrimitives.WriteUInt16LittleEndian(record[RecordLayout.Presence..], (ushort)presence);
        BinaryPrimitives.WriteUInt16LittleEndian(record[RecordLayout.AttributeCount..], (ushort)_attributeCount);
        _attributes.AsSpan(0, _attributesLength).CopyTo(rest);
    }

    private void WriteLong(Span<byte> record, int lengthOffset, NamedField field, ref Span<byte> rest)
    {
        var text = TextOf((int)field);
        BinaryPrimitives.WriteUInt32LittleEndian(record[lengthOffset..], (uint)text.Length);
        text.CopyTo(rest);
        rest = rest[text.Length..];
    }

    /// <summary>Cuts the whole record: the longest attributes first, then template, traceback and message.</summary>
    private void CutRecord()
    {
        if (!Truncated && EncodedLength <= limits.Record)
        {
            return;
        }

        var flag = HasAttribute(ReservedAttributes.Truncated) ? 0 : ReservedAttributes.Truncated.Length + RecordLayout.MinAttributeSize;
        if (EncodedLength + (Truncated ? flag : 0) <= limits.Record)
        {
            return;
        }

        Truncated = true;
        _attributesLength = AttributeCut.Shorten(
            _attributes.AsSpan(0, _attributesLength), _attributeCount, EncodedLength + flag - limits.Record);
        foreach (var field in (ReadOnlySpan<NamedField>)[NamedField.Template, NamedField.Traceback, NamedField.Message])
        {
            var excess = EncodedLength + flag - limits.Record;
            if (excess > 0)
            {
                CutText(field, Math.Max(0, _lengths[(int)field] - excess));
            }
        }
    }

    /// <summary>Sets an attribute that is the product's to write: what a sender gave under its name makes way.</summary>
    private void SetReserved(ReadOnlySpan<byte> name, AttributeType type, ReadOnlySpan<byte> text, long bits)
    {
        var attributes = new AttributeEnumerator(_attributes.AsSpan(0, _attributesLength), _attributeCount);
        for (var start = 0; attributes.MoveNext(); start = attributes.Consumed)
        {
            if (attributes.Current.Name.SequenceEqual(name))
            {
                var end = attributes.Consumed;
                _attributes.AsSpan(end, _attributesLength - end).CopyTo(_attributes.AsSpan(start));
                _attributesLength -= end - start;
                _attributeCount--;
                _reservedCount--;
                break;
            }
        }

        AddAttribute(name, type, text, bits);
    }

    private int LimitOf(NamedField field) => (int)field < NamedFields.ShortCount ? limits.ShortField : limits.Text;

    private ReadOnlySpan<byte> TextOf(int field) => _texts.AsSpan(_offsets[field], _lengths[field]);

    /// <summary>Texts are taken once each; only the long ones may be cut afterwards.</summary>
    private void TookText(NamedField field, int length)
    {
        (_offsets[(int)field], _lengths[(int)field]) = (_textsLength, length);
        _textsLength += length;
        _encodedTexts += length;
        if ((int)field < NamedFields.ShortCount && length > 0)
        {
            _presence |= 1 << (int)field;
            _encodedTexts += sizeof(ushort);
        }
    }

    private void CutText(NamedField field, int limit)
    {
        var length = _lengths[(int)field];
        if (length > limit)
        {
            var cut = Utf8Text.CutLength(TextOf((int)field), limit);
            _lengths[(int)field] = cut;
            _encodedTexts -= length - cut;
            Truncated = true;
        }
    }

    /// <summary>Copies text to the end of a buffer, valid and cut to the limit, and returns its length there.</summary>
    private int Append(ref byte[] buffer, int offset, ReadOnlySpan<byte> text, int limit)
    {
        if (Utf8.IsValid(text))
        {
            var length = text.Length;
            if (length > limit)
            {
                length = Utf8Text.CutLength(text, limit);
                Truncated = true;
            }

            Reserve(ref buffer, offset + length);
            text[..length].CopyTo(buffer.AsSpan(offset));
            return length;
        }

        Reserve(ref buffer, offset + (int)Math.Min(limit, (long)text.Length * Utf8Text.ReplacementLength));
        var written = Utf8Text.CopyValid(text, buffer.AsSpan(offset), limit, out var cut);
        Truncated |= cut;
        return written;
    }

    /// <summary>The same from UTF-16; lone surrogates become U+FFFD.</summary>
    private int Append(ref byte[] buffer, int offset, ReadOnlySpan<char> text, int limit)
    {
        Reserve(ref buffer, offset + (int)Math.Min(limit, (long)text.Length * Utf8Text.ReplacementLength));
        var room = buffer.AsSpan(offset, Math.Min(limit, buffer.Length - offset));
        Truncated |= Utf8.FromUtf16(text, room, out _, out var written) == OperationStatus.DestinationTooSmall;
        return written;
    }

    private static void Reserve(ref byte[] buffer, int length)
    {
        if (buffer.Length < length)
        {
            Array.Resize(ref buffer, Math.Max(length, buffer.Length * 2));
        }
    }
}
