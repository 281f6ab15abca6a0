using System.Buffers.Binary;
using System.Globalization;

namespace Bitacora.Records;

/// <summary>
/// Eight bytes made with an API key and kept when the key is rotated; <see cref="None"/> without a key. A part of every record's
/// identity, so a sender cannot overwrite another's records.
/// </summary>
/// <param name="Value">The bytes, read big-endian.</param>
public readonly record struct SenderId(ulong Value)
{
    /// <summary>The sender without a key: zero.</summary>
    public static SenderId None => default;

    /// <summary>Writes the eight bytes, big-endian.</summary>
    public void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt64BigEndian(destination, Value);

    /// <summary>Sixteen lower-case hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x16", CultureInfo.InvariantCulture);
}
