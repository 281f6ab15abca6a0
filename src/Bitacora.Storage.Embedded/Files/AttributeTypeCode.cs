using Bitacora.Records;

namespace Bitacora.Storage.Embedded.Files;

/// <summary>The letter for an attribute's type in the column <c>attribute_types</c>, one a member of the map, in its order.</summary>
internal static class AttributeTypeCode
{
    /// <summary>The double -0.0, whose text in the map is <c>0</c>, as queries see it.</summary>
    public const byte NegativeZero = (byte)'z';

    public static byte Of(in AttributeReader attribute) => attribute.Type switch
    {
        AttributeType.Int64 => (byte)'l',
        AttributeType.Double => attribute.Double == 0 && double.IsNegative(attribute.Double) ? NegativeZero : (byte)'d',
        AttributeType.Boolean => (byte)'b',
        _ => (byte)'s',
    };

    public static AttributeType Parse(byte code) => code switch
    {
        (byte)'l' => AttributeType.Int64,
        (byte)'d' or NegativeZero => AttributeType.Double,
        (byte)'b' => AttributeType.Boolean,
        _ => AttributeType.String,
    };
}
