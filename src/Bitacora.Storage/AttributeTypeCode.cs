using System.Buffers.Text;
using System.Globalization;
using Bitacora.Records;

namespace Bitacora.Storage;

/// <summary>
/// The letter for an attribute's type, which stores keep beside its value's text (<see cref="AttributeReader.Text"/>). Part of their
/// formats.
/// </summary>
public static class AttributeTypeCode
{
    // The double -0.0, whose text is 0, as queries see it.
    private const byte NegativeZero = (byte)'z';

    /// <summary>The letter of a type, whatever the value.</summary>
    public static byte Of(AttributeType type) => type switch
    {
        AttributeType.Int64 => (byte)'l',
        AttributeType.Double => (byte)'d',
        AttributeType.Boolean => (byte)'b',
        _ => (byte)'s',
    };

    /// <summary>The letter with which the value's text says all of it.</summary>
    public static byte Of(in AttributeReader attribute) =>
        attribute.Type == AttributeType.Double && attribute.Double == 0 && double.IsNegative(attribute.Double)
            ? NegativeZero
            : Of(attribute.Type);

    /// <summary>The type of a letter; text where it is none.</summary>
    public static AttributeType Parse(byte code) => code switch
    {
        (byte)'l' => AttributeType.Int64,
        (byte)'d' or NegativeZero => AttributeType.Double,
        (byte)'b' => AttributeType.Boolean,
        _ => AttributeType.String,
    };

    /// <summary>Adds an attribute as it was; one whose text is none of its type's is added as text.</summary>
    /// <param name="writer">The record.</param>
    /// <param name="name">The name, UTF-8.</param>
    /// <param name="value">The value's text, UTF-8.</param>
    /// <param name="code">Its letter.</param>
    public static void Add(RecordWriter writer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, byte code)
    {
        switch (Parse(code))
        {
            case AttributeType.Int64 when Utf8Parser.TryParse(value, out long integer, out var length) && length == value.Length:
                writer.AddAttribute(name, integer);
                break;
            case AttributeType.Double when double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number):
                writer.AddAttribute(name, code == NegativeZero ? -0.0 : number);
                break;
            case AttributeType.Boolean:
                writer.AddAttribute(name, value is [(byte)'t', ..]);
                break;
            default:
                writer.AddAttribute(name, value);
                break;
        }
    }
}
