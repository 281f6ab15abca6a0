using Bitacora.Query;

namespace Bitacora.Storage.Embedded.Querying;

/// <summary>Where a query's fields stand in a file's table.</summary>
internal static class SqlColumns
{
    /// <summary>
    /// The column, or the member of the map, that holds a text field, the duration or an attribute; null where it is missing.
    /// </summary>
    public static string Of(FieldReference field) => field.Kind switch
    {
        FieldKind.Attribute => $"attributes[{SqlText.Literal(field.Name)}]",
        // The columns bear the fields' own names.
        _ => field.Name,
    };

    /// <summary>From 1: where the attribute stands in the map, and its type in the column of types.</summary>
    public static string MemberPosition(FieldReference field) =>
        $"list_position(map_keys(attributes), {SqlText.Literal(field.Name)})::INTEGER";
}
