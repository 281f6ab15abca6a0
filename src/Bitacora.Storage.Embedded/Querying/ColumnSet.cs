using Bitacora.Query;
using Bitacora.Records;

namespace Bitacora.Storage.Embedded.Querying;

/// <summary>
/// Which columns a statement reads. Time, origin, position, level and layer always are: they cost next to nothing and make the
/// record's identity. The others come as nulls of their type where nobody asks, so that rows are encoded by one code.
/// </summary>
internal readonly record struct ColumnSet(int Texts, bool Duration, bool Attributes)
{
    /// <summary>Everything a person sees.</summary>
    public static ColumnSet All { get; } = new((1 << NamedFields.Count) - 1, true, true);

    public static ColumnSet None { get; }

    public ColumnSet With(FieldReference field) => field.Kind switch
    {
        FieldKind.Text => this with { Texts = Texts | (1 << (int)field.Text) },
        FieldKind.Duration => this with { Duration = true },
        FieldKind.Attribute => this with { Attributes = true },
        _ => this,
    };

    /// <summary>The select list that <see cref="RowEncoder"/> reads.</summary>
    public string ToSql()
    {
        var texts = Texts;
        return "time, origin, position, level, layer, "
            + string.Join(", ", Enumerable.Range(0, NamedFields.Count).Select(i => Sql((texts & (1 << i)) != 0, NamedFields.Name((NamedField)i), "VARCHAR")))
            + ", " + Sql(Duration, "duration_ms", "DOUBLE")
            + ", " + Sql(Attributes, "attributes", "MAP(VARCHAR, VARCHAR)")
            + ", " + Sql(Attributes, "attribute_types", "VARCHAR");

        static string Sql(bool wanted, string column, string type) => wanted ? column : $"NULL::{type}";
    }
}
