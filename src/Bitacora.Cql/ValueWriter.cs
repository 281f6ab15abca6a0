using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using Bitacora.Cql.Messages;
using Bitacora.Cql.Values;

namespace Bitacora.Cql;

/// <summary>
/// Writes the values of a statement's markers, one call a marker, straight into the request. Nothing is boxed or copied twice. With a
/// prepared statement each call is checked against the marker's type: a wrong one throws <see cref="ArgumentException"/> with the
/// marker's name before anything is sent.
/// </summary>
public ref struct ValueWriter
{
    private const int ShortText = 256;
    private const int NullLength = -1;
    private const int UnsetLength = -2;

    private readonly ValueBuffer _buffer;
    private readonly ColumnSet? _markers;
    private readonly int _limit;
    private Span<byte> _bytes;
    private int _position;
    private OpenCollections _open;
    private int _depth;

    internal ValueWriter(ValueBuffer buffer, ColumnSet? markers, int limit)
    {
        _buffer = buffer;
        _markers = markers;
        _limit = limit;
        _bytes = buffer.Array;
        _position = buffer.Length;
    }

    /// <summary>How many markers have a value by now.</summary>
    public int Count { get; private set; }

    /// <summary>Writes a <c>boolean</c>.</summary>
    public void WriteBoolean(bool value) => Value(1, CqlTypeCode.Boolean)[0] = value ? (byte)1 : (byte)0;

    /// <summary>Writes a <c>tinyint</c>.</summary>
    public void WriteSByte(sbyte value) => Value(1, CqlTypeCode.TinyInt)[0] = (byte)value;

    /// <summary>Writes a <c>smallint</c>.</summary>
    public void WriteInt16(short value) => BinaryPrimitives.WriteInt16BigEndian(Value(sizeof(short), CqlTypeCode.SmallInt), value);

    /// <summary>Writes an <c>int</c>.</summary>
    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32BigEndian(Value(sizeof(int), CqlTypeCode.Int), value);

    /// <summary>Writes a <c>bigint</c> or <c>counter</c>.</summary>
    public void WriteInt64(long value) =>
        BinaryPrimitives.WriteInt64BigEndian(Value(sizeof(long), CqlTypeCode.BigInt, CqlTypeCode.Counter), value);

    /// <summary>Writes a <c>float</c>.</summary>
    public void WriteSingle(float value) => BinaryPrimitives.WriteSingleBigEndian(Value(sizeof(float), CqlTypeCode.Float), value);

    /// <summary>Writes a <c>double</c>.</summary>
    public void WriteDouble(double value) => BinaryPrimitives.WriteDoubleBigEndian(Value(sizeof(double), CqlTypeCode.Double), value);

    /// <summary>Writes a <c>uuid</c> or <c>timeuuid</c>, in the order in which its text stands.</summary>
    public void WriteUuid(Guid value) => value.TryWriteBytes(Value(16, CqlTypeCode.Uuid, CqlTypeCode.TimeUuid), bigEndian: true, out _);

    /// <summary>Writes a <c>timestamp</c>; what is finer than a millisecond is cut off, towards the past.</summary>
    public void WriteTimestamp(DateTimeOffset value) => WriteTimestamp(CqlTime.ToMilliseconds(value));

    /// <summary>Writes a <c>timestamp</c> of so many milliseconds since 1970.</summary>
    public void WriteTimestamp(long unixMilliseconds) =>
        BinaryPrimitives.WriteInt64BigEndian(Value(sizeof(long), CqlTypeCode.Timestamp), unixMilliseconds);

    /// <summary>Writes a <c>date</c>.</summary>
    public void WriteDate(DateOnly value) =>
        BinaryPrimitives.WriteUInt32BigEndian(Value(sizeof(uint), CqlTypeCode.Date), CqlTime.ToWireDay(value));

    /// <summary>Writes a <c>time</c>.</summary>
    public void WriteTime(TimeOnly value) =>
        BinaryPrimitives.WriteInt64BigEndian(Value(sizeof(long), CqlTypeCode.Time), CqlTime.ToNanoseconds(value));

    /// <summary>Writes an <c>inet</c>.</summary>
    public void WriteInet(IPAddress value)
    {
        ArgumentNullException.ThrowIfNull(value);
        value.TryWriteBytes(Value(value.AddressFamily == AddressFamily.InterNetwork ? 4 : 16, CqlTypeCode.Inet), out _);
    }

    /// <summary>Writes a <c>text</c> or <c>ascii</c>. Null writes a null, which on a regular column is a tombstone.</summary>
    public void WriteText(string? value)
    {
        if (value is null)
        {
            WriteNull();
        }
        else
        {
            WriteText(value.AsSpan());
        }
    }

    /// <summary>Writes a <c>text</c> or <c>ascii</c>.</summary>
    public void WriteText(scoped ReadOnlySpan<char> value)
    {
        // A short text gets the room that it may need at most; the length is put in when it is known.
        var most = value.Length <= ShortText ? value.Length * 3 : Encoding.UTF8.GetByteCount(value);
        var room = Value(most, CqlTypeCode.Text, CqlTypeCode.Ascii);
        var length = Encoding.UTF8.GetBytes(value, room);
        var start = _position - room.Length;
        BinaryPrimitives.WriteInt32BigEndian(_bytes[(start - sizeof(int))..], length);
        _position = start + length;
    }

    /// <summary>Writes a <c>text</c> or <c>ascii</c> that is UTF-8 already; the server checks that it is.</summary>
    public void WriteUtf8(scoped ReadOnlySpan<byte> value) => value.CopyTo(Value(value.Length, CqlTypeCode.Text, CqlTypeCode.Ascii));

    /// <summary>Writes a <c>blob</c>.</summary>
    public void WriteBlob(scoped ReadOnlySpan<byte> value) => value.CopyTo(Value(value.Length, CqlTypeCode.Blob));

    /// <summary>Writes a value of any type as it stands on the wire: for the types that this writer does not know.</summary>
    public void WriteRaw(scoped ReadOnlySpan<byte> value) => value.CopyTo(Room(value.Length));

    /// <summary>Writes a null: on a regular column it deletes (a tombstone). See <see cref="WriteUnset"/>.</summary>
    public void WriteNull()
    {
        if (_depth > 0)
        {
            throw new InvalidOperationException("Null is not allowed in a collection.");
        }

        Special(NullLength);
    }

    /// <summary>Leaves the column as it is: what an INSERT wants for a column that it has no value for. Not in keys.</summary>
    public void WriteUnset()
    {
        if (_depth > 0)
        {
            throw new InvalidOperationException("Unset is not allowed in a collection.");
        }

        Special(UnsetLength);
    }

    /// <summary>
    /// Begins a <c>list</c>, <c>set</c> or <c>map</c>: elements follow, of a map key and value in turn, then <see cref="EndCollection"/>.
    /// </summary>
    public void BeginCollection()
    {
        var type = Expected();
        if (type is not null && !type.IsCollection)
        {
            throw WrongType("a collection");
        }

        if (_depth == OpenCollections.Length)
        {
            throw new InvalidOperationException($"Collections are written to a depth of {OpenCollections.Length}.");
        }

        Room(sizeof(int));
        _open[_depth++] = new OpenCollection(type, _position);
    }

    /// <summary>Ends what <see cref="BeginCollection"/> began.</summary>
    public void EndCollection()
    {
        if (_depth == 0)
        {
            throw new InvalidOperationException("No collection has begun.");
        }

        var collection = _open[--_depth];
        var isMap = collection.Type?.Code == CqlTypeCode.Map;
        if (isMap && collection.Elements % 2 != 0)
        {
            throw new InvalidOperationException("The last key of the map has no value.");
        }

        var start = collection.Start - sizeof(int);
        BinaryPrimitives.WriteInt32BigEndian(_bytes[start..], isMap ? collection.Elements / 2 : collection.Elements);
        BinaryPrimitives.WriteInt32BigEndian(_bytes[(start - sizeof(int))..], _position - start);
    }

    /// <summary>Ends the statement's values; refuses too few of them.</summary>
    internal readonly int Finish()
    {
        if (_depth > 0)
        {
            throw new InvalidOperationException("A collection was begun and not ended.");
        }

        if (_markers is not null && Count != _markers.Count)
        {
            throw new ArgumentException($"The statement has {_markers.Count} markers, {Count} values were written.");
        }

        _buffer.Length = _position;
        return Count;
    }

    private Span<byte> Value(int length, CqlTypeCode code) => Value(length, code, code);

    private Span<byte> Value(int length, CqlTypeCode code, CqlTypeCode orCode)
    {
        if (Expected() is { } type && type.Code != code && type.Code != orCode)
        {
            throw WrongType($"a value of type {code.ToString().ToLowerInvariant()}");
        }

        return Room(length);
    }

    private readonly CqlType? Expected()
    {
        if (_depth > 0)
        {
            return _open[_depth - 1].ExpectedElement;
        }

        return _markers is null ? null : Count < _markers.Count ? _markers.Columns[Count].Type : throw TooMany();
    }

    private Span<byte> Room(int length)
    {
        var position = _position;
        if (_bytes.Length - position - sizeof(int) < length)
        {
            _bytes = _buffer.Grow(position, checked(sizeof(int) + length), _limit);
        }

        // Only now: a caller may write something else in the place of what was refused.
        Took();
        BinaryPrimitives.WriteInt32BigEndian(_bytes[position..], length);
        _position = position + sizeof(int) + length;
        return _bytes.Slice(position + sizeof(int), length);
    }

    private void Special(int length)
    {
        _ = Expected();
        Room(0);
        BinaryPrimitives.WriteInt32BigEndian(_bytes[(_position - sizeof(int))..], length);
    }

    private void Took()
    {
        if (_depth > 0)
        {
            _open[_depth - 1].Elements++;
        }
        else if (++Count > ushort.MaxValue || (_markers is not null && Count > _markers.Count))
        {
            throw TooMany();
        }
    }

    private readonly ArgumentException TooMany() =>
        new($"The statement has {_markers?.Count ?? ushort.MaxValue} markers, more values were written.");

    private readonly ArgumentException WrongType(string what)
    {
        var index = _depth > 0 ? Count - 1 : Count;
        var marker = _markers!.Columns[index];
        return new ArgumentException($"Marker {index + 1} ({marker.Table}.{marker.Name}) is of type {marker.Type}, {what} was written.");
    }

    private record struct OpenCollection(CqlType? Type, int Start)
    {
        public int Elements;

        public readonly CqlType? ExpectedElement => Type?.Arguments[Type.Code == CqlTypeCode.Map ? Elements % 2 : 0];
    }

    [InlineArray(Length)]
    private struct OpenCollections
    {
        public const int Length = 4;

        private OpenCollection _first;
    }
}
