using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage.Embedded.Files;

namespace Bitacora.Storage.Embedded.Querying;

/// <summary>
/// Which columns a statement reads. Time, origin, position, level and layer always are: they cost next to nothing and make the
/// record's identity. The others come as nulls of their type where nobody asks or no row has a value, so that one code encodes rows.
/// </summary>
/// <param name="Bits">The columns, as <see cref="ColumnBits"/>.</param>
internal readonly record struct ColumnSet(int Bits)
{
    /// <summary>Everything a person sees.</summary>
    public static ColumnSet All { get; } = new(ColumnBits.All);

    public ColumnSet With(FieldReference field) => new(Bits | field.Kind switch
    {
        FieldKind.Text => ColumnBits.Of(field.Text),
        FieldKind.Duration => ColumnBits.Duration,
        FieldKind.Attribute => ColumnBits.Attributes,
        _ => 0,
    });

    /// <summary>The select list that <see cref="RowEncoder"/> reads.</summary>
    /// <param name="present">Which columns hold any value.</param>
    public string ToSql(int present)
    {
        var read = Bits & present;
        return "time, origin, position, level, layer, "
            + string.Join(", ", Enumerable.Range(0, NamedFields.Count).Select(i => Sql(1 << i, NamedFields.Name((NamedField)i), "VARCHAR")))
            + ", " + Sql(ColumnBits.Duration, "duration_ms", "DOUBLE")
            + ", " + Sql(ColumnBits.Attributes, "attributes", "MAP(VARCHAR, VARCHAR)")
            + ", " + Sql(ColumnBits.Attributes, "attribute_types", "VARCHAR");

        string Sql(int bit, string column, string type) => (read & bit) != 0 ? column : $"NULL::{type}";
    }
}
