using System.Buffers.Binary;
using System.Text;

namespace Bitacora.Records;

/// <summary>One attribute of an encoded record. Valid as long as the batch's bytes are.</summary>
public readonly ref struct AttributeReader
{
    private readonly ReadOnlySpan<byte> _value;

    internal AttributeReader(ReadOnlySpan<byte> name, AttributeType type, ReadOnlySpan<byte> value)
    {
        Name = name;
        Type = type;
        _value = value;
    }

    /// <summary>The name, UTF-8.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>The value's type.</summary>
    public AttributeType Type { get; }

    /// <summary>The UTF-8 text, of a string only; empty otherwise.</summary>
    public ReadOnlySpan<byte> String => Type == AttributeType.String ? _value : default;

    /// <summary>The integer, of an <see cref="AttributeType.Int64"/> only.</summary>
    public long Int64 => BinaryPrimitives.ReadInt64LittleEndian(_value);

    /// <summary>The number, of a <see cref="AttributeType.Double"/> only.</summary>
    public double Double => BinaryPrimitives.ReadDoubleLittleEndian(_value);

    /// <summary>The truth value, of a <see cref="AttributeType.Boolean"/> only.</summary>
    public bool Boolean => _value[0] != 0;

    /// <summary>The value as text (<see cref="ValueText"/>): a string's own bytes, or the text written into the scratch.</summary>
    /// <param name="scratch">At least <see cref="ValueText.MaxLength"/> bytes, used by numbers and truth values.</param>
    public ReadOnlySpan<byte> Text(Span<byte> scratch) => Type switch
    {
        AttributeType.String => _value,
        AttributeType.Int64 => scratch[..ValueText.Write(Int64, scratch)],
        AttributeType.Double => scratch[..ValueText.Write(Double, scratch)],
        _ => scratch[..ValueText.Write(Boolean, scratch)],
    };

    /// <summary>The value as an object's.</summary>
    public AttributeValue ToValue() => Type switch
    {
        AttributeType.String => AttributeValue.From(Encoding.UTF8.GetString(_value)),
        AttributeType.Int64 => AttributeValue.From(Int64),
        AttributeType.Double => AttributeValue.From(Double),
        _ => AttributeValue.From(Boolean),
    };
}
