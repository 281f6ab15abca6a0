using System.Buffers.Binary;
using System.Net;
using System.Text;
using Bitacora.Testing.Cassandra.Wire;

namespace Bitacora.Testing.Cassandra;

/// <summary>One bound or returned value as its bytes; null and unset are values too.</summary>
public sealed record FakeValue(byte[]? Bytes, bool IsUnset = false)
{
    public static FakeValue Null { get; } = new((byte[]?)null);

    public static FakeValue Unset { get; } = new(null, true);

    public static FakeValue Empty { get; } = new(Array.Empty<byte>());

    public bool IsNull => Bytes is null && !IsUnset;

    public static FakeValue Text(string? text) => text is null ? Null : new(Encoding.UTF8.GetBytes(text));

    public static FakeValue Blob(params byte[] bytes) => new(bytes);

    public static FakeValue Boolean(bool value) => new([(byte)(value ? 1 : 0)]);

    public static FakeValue Int(int value) => Of(writer => writer.Int(value));

    public static FakeValue BigInt(long value) => Of(writer => writer.Long(value));

    public static FakeValue Double(double value) => BigInt(BitConverter.DoubleToInt64Bits(value));

    public static FakeValue Uuid(Guid? value) => value is { } guid ? Of(writer => writer.Uuid(guid)) : Null;

    public static FakeValue Inet(IPAddress? address) => address is null ? Null : new(address.GetAddressBytes());

    public static FakeValue List(params FakeValue[] items) => Of(writer =>
    {
        writer.Int(items.Length);
        foreach (var item in items)
        {
            writer.Value(item);
        }
    });

    public static FakeValue TextSet(IReadOnlyCollection<string>? items) =>
        items is null ? Null : List([.. items.Order(StringComparer.Ordinal).Select(Text)]);

    public static FakeValue TextMap(IReadOnlyDictionary<string, string> map) => Of(writer =>
    {
        writer.Int(map.Count);
        foreach (var (key, value) in map)
        {
            writer.Value(Text(key)).Value(Text(value));
        }
    });

    public string AsText() => Encoding.UTF8.GetString(Present());

    public int AsInt() => BinaryPrimitives.ReadInt32BigEndian(Present());

    public long AsBigInt() => BinaryPrimitives.ReadInt64BigEndian(Present());

    public Guid AsUuid() => new(Present(), bigEndian: true);

    public bool Equals(FakeValue? other) =>
        other is not null && IsUnset == other.IsUnset && IsNull == other.IsNull && Bytes.AsSpan().SequenceEqual(other.Bytes);

    public override int GetHashCode() => Bytes?.Length ?? -1;

    public override string ToString() => IsUnset ? "unset" : Bytes is null ? "null" : Convert.ToHexStringLower(Bytes);

    private byte[] Present() => Bytes ?? throw new InvalidOperationException($"The value is {this}.");

    private static FakeValue Of(Action<WireWriter> write)
    {
        var writer = new WireWriter();
        write(writer);
        return new(writer.Written.ToArray());
    }
}
