using System.Buffers.Text;
using System.Globalization;
using Bitacora.Query;
using Bitacora.Records;

namespace Bitacora.Storage.Embedded.Engine;

/// <summary>Gives an attribute that is stored as text back to a predicate with its type.</summary>
internal static class AttributeMatcher
{
    public static bool Matches(ValuePredicate predicate, ReadOnlySpan<byte> text, AttributeType type) => type switch
    {
        AttributeType.Int64 when Utf8Parser.TryParse(text, out long integer, out var used) && used == text.Length =>
            predicate.Matches(integer),
        AttributeType.Double when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) =>
            predicate.Matches(number),
        AttributeType.Boolean => predicate.Matches(text is [(byte)'t', ..]),
        _ => predicate.Matches(text),
    };
}
