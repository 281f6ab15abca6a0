using Bitacora.Records;

namespace Bitacora.Storage.Embedded.Files;

/// <summary>The letter for an attribute's type in the column <c>attribute_types</c>, one a member of the map, in its order.</summary>
internal static class AttributeTypeCode
{
    public static byte Of(AttributeType type) => type switch
    {
        AttributeType.Int64 => (byte)'l',
        AttributeType.Double => (byte)'d',
        AttributeType.Boolean => (byte)'b',
        _ => (byte)'s',
    };

    public static AttributeType Parse(byte code) => code switch
    {
        (byte)'l' => AttributeType.Int64,
        (byte)'d' => AttributeType.Double,
        (byte)'b' => AttributeType.Boolean,
        _ => AttributeType.String,
    };
}
