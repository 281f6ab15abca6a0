using Bitacora.Records;

namespace Bitacora.Storage.Cassandra;

/// <summary>The letter of an attribute's type, in <c>metadata_types</c> and in a manifest's <c>fields</c>.</summary>
internal static class AttributeLetter
{
    /// <summary>The double -0.0, whose text in the map is <c>0</c>, as queries see it.</summary>
    public const byte NegativeZero = (byte)'z';

    public static byte Of(AttributeType type) => type switch
    {
        AttributeType.Int64 => (byte)'l',
        AttributeType.Double => (byte)'d',
        AttributeType.Boolean => (byte)'b',
        _ => (byte)'s',
    };

    public static AttributeType Parse(byte letter) => letter switch
    {
        (byte)'l' => AttributeType.Int64,
        (byte)'d' or NegativeZero => AttributeType.Double,
        (byte)'b' => AttributeType.Boolean,
        _ => AttributeType.String,
    };
}
