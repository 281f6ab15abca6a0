using System.Buffers.Binary;
using System.Net;
using System.Text;
using Bitacora.Cql.Values;

namespace Bitacora.Cql;

/// <summary>
/// One value of a row or of a collection, read where it lies. Valid as long as its result is. A getter of another type than the
/// column's throws <see cref="InvalidCastException"/>; a null throws <see cref="InvalidOperationException"/>, except where it says so.
/// </summary>
public readonly ref struct CqlValue
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly CqlType _type;
    private readonly EndPoint? _node;

    internal CqlValue(CqlType type, ReadOnlySpan<byte> bytes, bool isNull, EndPoint? node)
    {
        _type = type;
        _bytes = bytes;
        _node = node;
        IsNull = isNull;
    }

    /// <summary>Whether there is no value. An empty text or blob is a value.</summary>
    public bool IsNull { get; }

    /// <summary>The value's type.</summary>
    public CqlType Type => _type;

    /// <summary>The bytes as they stand on the wire, of a value of any type; empty if it is null.</summary>
    public ReadOnlySpan<byte> Raw => _bytes;

    /// <summary>A <c>boolean</c>.</summary>
    public bool GetBoolean() => Fixed(1, CqlTypeCode.Boolean)[0] != 0;

    /// <summary>A <c>tinyint</c>.</summary>
    public sbyte GetSByte() => (sbyte)Fixed(1, CqlTypeCode.TinyInt)[0];

    /// <summary>A <c>smallint</c>.</summary>
    public short GetInt16() => BinaryPrimitives.ReadInt16BigEndian(Fixed(sizeof(short), CqlTypeCode.SmallInt));

    /// <summary>An <c>int</c>.</summary>
    public int GetInt32() => BinaryPrimitives.ReadInt32BigEndian(Fixed(sizeof(int), CqlTypeCode.Int));

    /// <summary>A <c>bigint</c> or <c>counter</c>.</summary>
    public long GetInt64() => BinaryPrimitives.ReadInt64BigEndian(Fixed(sizeof(long), CqlTypeCode.BigInt, CqlTypeCode.Counter));

    /// <summary>A <c>float</c>.</summary>
    public float GetSingle() => BinaryPrimitives.ReadSingleBigEndian(Fixed(sizeof(float), CqlTypeCode.Float));

    /// <summary>A <c>double</c>.</summary>
    public double GetDouble() => BinaryPrimitives.ReadDoubleBigEndian(Fixed(sizeof(double), CqlTypeCode.Double));

    /// <summary>A <c>uuid</c> or <c>timeuuid</c>.</summary>
    public Guid GetUuid() => new(Fixed(16, CqlTypeCode.Uuid, CqlTypeCode.TimeUuid), bigEndian: true);

    /// <summary>A <c>timestamp</c>, UTC.</summary>
    /// <exception cref="OverflowException">It is of a year that .NET does not know.</exception>
    public DateTimeOffset GetTimestamp() => GetUnixMilliseconds() is var time && CqlTime.FromMilliseconds(time) is { } known
        ? known
        : throw OutOfReach($"the timestamp is {time} ms from 1970, which {nameof(DateTimeOffset)} does not reach");

    /// <summary>A <c>timestamp</c> as milliseconds since 1970; it can be of years that .NET does not know.</summary>
    public long GetUnixMilliseconds() => BinaryPrimitives.ReadInt64BigEndian(Fixed(sizeof(long), CqlTypeCode.Timestamp));

    /// <summary>A <c>date</c>.</summary>
    /// <exception cref="OverflowException">It is of a year that .NET does not know.</exception>
    public DateOnly GetDate()
    {
        var days = CqlTime.FromWireDay(BinaryPrimitives.ReadUInt32BigEndian(Fixed(sizeof(uint), CqlTypeCode.Date)));
        return CqlTime.FromDays(days) ?? throw OutOfReach($"the date is {days} days from 1970, which {nameof(DateOnly)} does not reach");
    }

    /// <summary>A <c>time</c>; what is finer than 100 ns is cut off.</summary>
    public TimeOnly GetTime()
    {
        var time = BinaryPrimitives.ReadInt64BigEndian(Fixed(sizeof(long), CqlTypeCode.Time));
        return CqlTime.FromNanoseconds(time) ??
            throw new CqlProtocolException($"a time of {time} ns since midnight came") { Node = _node };
    }

    /// <summary>An <c>inet</c>.</summary>
    public IPAddress GetInet() => _bytes.Length is 4 or 16
        ? new IPAddress(Any(CqlTypeCode.Inet, CqlTypeCode.Inet))
        : throw WrongLength("4 or 16");

    /// <summary>A <c>text</c> or <c>ascii</c>; null if the value is null.</summary>
    public string? GetText() => IsNull ? null : Encoding.UTF8.GetString(GetUtf8());

    /// <summary>A <c>text</c> or <c>ascii</c> as UTF-8; empty if the value is null.</summary>
    public ReadOnlySpan<byte> GetUtf8() => IsNull ? default : Any(CqlTypeCode.Text, CqlTypeCode.Ascii);

    /// <summary>A <c>blob</c>; empty if the value is null.</summary>
    public ReadOnlySpan<byte> GetBlob() => IsNull ? default : Any(CqlTypeCode.Blob, CqlTypeCode.Blob);

    /// <summary>A <c>list</c> or <c>set</c>; empty if the value is null, which an empty set or list always is unless frozen.</summary>
    public CqlList GetList() => IsNull ? default : new CqlList(_type.Arguments[0], Any(CqlTypeCode.List, CqlTypeCode.Set), _node);

    /// <summary>A <c>map</c>; empty if the value is null, which an empty map always is unless frozen.</summary>
    public CqlMap GetMap() => IsNull ? default : new CqlMap(_type, Any(CqlTypeCode.Map, CqlTypeCode.Map), _node);

    private ReadOnlySpan<byte> Fixed(int length, CqlTypeCode code) => Fixed(length, code, code);

    private ReadOnlySpan<byte> Fixed(int length, CqlTypeCode code, CqlTypeCode orCode)
    {
        var bytes = Any(code, orCode);
        return bytes.Length == length ? bytes : throw WrongLength($"{length}");
    }

    private ReadOnlySpan<byte> Any(CqlTypeCode code, CqlTypeCode orCode)
    {
        if (_type is null || (_type.Code != code && _type.Code != orCode))
        {
            throw new InvalidCastException($"The value is of type {_type}, it was read as {code.ToString().ToLowerInvariant()}.");
        }

        return IsNull ? throw new InvalidOperationException($"The value, of type {_type}, is null.") : _bytes;
    }

    private Exception WrongLength(string length) => IsNull
        ? new InvalidOperationException($"The value, of type {_type}, is null.")
        : new CqlProtocolException($"a value of type {_type} has {_bytes.Length} bytes, not {length}") { Node = _node };

    // Valid for the server: as an error it says the node all the same.
    private OverflowException OutOfReach(string what) => new(_node is null ? what : $"{_node}: {what}");
}
