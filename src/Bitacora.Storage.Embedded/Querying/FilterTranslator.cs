using System.Globalization;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage.Embedded.Engine;
using Bitacora.Storage.Embedded.Files;

namespace Bitacora.Storage.Embedded.Querying;

/// <summary>
/// Says a query's filter in SQL. Nearly everything is exact: text through the stored fold, the rest through the predicate functions;
/// only ids are narrowed by their time and left to the filter. Dispose after the statements have run.
/// </summary>
/// <param name="present">Which columns hold any value in the rows that are read (<see cref="ColumnBits"/>).</param>
internal sealed class FilterTranslator(int present) : IDisposable
{
    private readonly List<int> _slots = [];

    public SqlCondition Translate(Filter filter) => filter switch
    {
        AllFilter => SqlCondition.True,
        AndFilter and => SqlCondition.And(and.Items.Select(Translate)),
        OrFilter or => SqlCondition.Or(or.Items.Select(Translate)),
        NotFilter not => Translate(not.Item).Not(),
        LevelFilter level => Bits("level", level.Bits, Enum.GetValues<Level>().Length),
        LayerFilter layer => Bits("layer", layer.Bits, Enum.GetValues<Layer>().Length),
        TextFilter text => Search(text),
        ExistsFilter exists => Exists(exists.Field),
        ComparisonFilter comparison => Compare(comparison),
        _ => SqlCondition.Unknown,
    };

    public void Dispose()
    {
        foreach (var slot in _slots)
        {
            PredicateSlots.Release(slot);
        }

        _slots.Clear();
    }

    private static SqlCondition Bits(string column, int bits, int count)
    {
        var values = Enumerable.Range(0, count).Where(value => (bits & (1 << value)) != 0).ToList();
        if (values.Count == 0)
        {
            return SqlCondition.False;
        }

        if (values.Count == count)
        {
            return SqlCondition.True;
        }

        // One comparison of a range is pushed into the scan; a list is not.
        var first = values[0].ToString(CultureInfo.InvariantCulture);
        var last = values[^1].ToString(CultureInfo.InvariantCulture);
        return SqlCondition.Exactly(values.Count == 1 ? $"{column} = {first}"
            : values[^1] - values[0] + 1 < values.Count || values[^1] - values[0] + 1 > values.Count
                ? $"{column} IN ({string.Join(", ", values)})"
            : values[^1] == count - 1 ? $"{column} >= {first}"
            : values[0] == 0 ? $"{column} <= {last}"
            : $"({column} >= {first} AND {column} <= {last})");
    }

    private SqlCondition Search(TextFilter text) => text.Scope switch
    {
        TextScope.Message => Search(NamedField.Message, ColumnBits.MessageFolded, text.Pattern),
        TextScope.Traceback => Search(NamedField.Traceback, ColumnBits.TracebackFolded, text.Pattern),
        _ => SqlCondition.Or([
            Search(NamedField.Message, ColumnBits.MessageFolded, text.Pattern),
            Search(NamedField.Traceback, ColumnBits.TracebackFolded, text.Pattern),
        ]),
    };

    private SqlCondition Search(NamedField field, int foldedBit, TextPattern pattern)
    {
        if (!IsPresent(ColumnBits.Of(field)))
        {
            return SqlCondition.False;
        }

        var column = NamedFields.Name(field);
        if (pattern.Segments.All(segment => segment.Length == 0))
        {
            return SqlCondition.Exactly($"{column} IS NOT NULL");
        }

        var folded = IsPresent(foldedBit) ? $"coalesce({column}_folded, lower({column}))" : $"lower({column})";
        if (!pattern.Segments.All(SqlText.CanWrite))
        {
            return SqlCondition.Unknown;
        }

        return SqlCondition.NullIsFalse(pattern.IsPlain
            ? $"contains({folded}, {SqlText.Literal(pattern.Segments[0])})"
            : $@"{folded} LIKE {SqlText.Literal($"%{SqlText.LikePattern(pattern.Segments)}%")} ESCAPE '\'");
    }

    private SqlCondition Exists(FieldReference field) => field.Kind switch
    {
        _ when !IsPresent(field) => SqlCondition.False,
        FieldKind.Text => SqlCondition.Exactly($"{SqlColumns.Of(field)} IS NOT NULL"),
        FieldKind.Duration or FieldKind.Attribute => SqlCondition.Exactly($"{SqlColumns.Of(field)} IS NOT NULL"),
        _ => SqlCondition.True,
    };

    private SqlCondition Compare(ComparisonFilter comparison) => comparison.Field.Kind switch
    {
        _ when !IsPresent(comparison.Field) => SqlCondition.False,
        FieldKind.Text => CompareText(SqlColumns.Of(comparison.Field), comparison.Predicate),
        FieldKind.Attribute => CompareAttribute(comparison.Field, comparison.Predicate),
        FieldKind.Duration => CompareDuration(comparison.Predicate),
        FieldKind.Id => CompareId(comparison.Predicate),
        _ => SqlCondition.Unknown,
    };

    private SqlCondition CompareText(string value, ValuePredicate predicate) => predicate switch
    {
        EqualsPredicate equals when SqlText.CanWrite(equals.Text) => SqlCondition.NullIsFalse($"{value} = {SqlText.Literal(equals.Text)}"),
        PatternPredicate { Pattern: var pattern } when pattern.Segments.All(SqlText.CanWrite) => ComparePattern(value, predicate, pattern),
        _ => SqlCondition.NullIsFalse($"{PredicateFunctions.Text}({Take(predicate)}, {value})"),
    };

    private SqlCondition ComparePattern(string value, ValuePredicate predicate, TextPattern pattern)
    {
        // lower() is our fold for ASCII only; no fold is stored beside these texts, so the others ask the predicate itself.
        var ascii = pattern.IsPlain
            ? $"lower({value}) = {SqlText.Literal(pattern.Segments[0])}"
            : $@"lower({value}) LIKE {SqlText.Literal(SqlText.LikePattern(pattern.Segments))} ESCAPE '\'";
        return SqlCondition.NullIsFalse(
            $"CASE WHEN strlen({value}) = length({value}) THEN {ascii} ELSE {PredicateFunctions.Text}({Take(predicate)}, {value}) END");
    }

    private SqlCondition CompareAttribute(FieldReference field, ValuePredicate predicate)
    {
        var value = SqlColumns.Of(field);
        return predicate switch
        {
            // These judge every type by its text, and the text is what is stored.
            EqualsPredicate { Number: null } or PatternPredicate or RegexPredicate => CompareText(value, predicate),
            _ => SqlCondition.NullIsFalse(
                $"{PredicateFunctions.Attribute}({Take(predicate)}, {value}, attribute_types, {SqlColumns.MemberPosition(field)})"),
        };
    }

    private SqlCondition CompareDuration(ValuePredicate predicate) => predicate switch
    {
        EqualsPredicate { Number: { } number } => SqlCondition.NullIsFalse($"duration_ms = {SqlText.Literal(number.Double)}"),
        // To DuckDB NaN is the largest number, to us it compares with nothing.
        OrderPredicate order => SqlCondition.NullIsFalse(
            $"(duration_ms {SymbolOf(order.Operator)} {SqlText.Literal(order.Number.Double)} AND NOT isnan(duration_ms))"),
        _ => SqlCondition.NullIsFalse($"{PredicateFunctions.Number}({Take(predicate)}, duration_ms)"),
    };

    private static SqlCondition CompareId(ValuePredicate predicate)
    {
        var text = predicate switch
        {
            EqualsPredicate equals => equals.Text,
            PatternPredicate { Pattern: { IsPlain: true } pattern } => pattern.Segments[0],
            _ => null,
        };
        return text is null ? SqlCondition.Unknown
            : !RecordId.TryParse(text, out var id) ? SqlCondition.False
            : new SqlCondition($"time = {SqlText.Literal(id.Time)}", false);
    }

    private static string SymbolOf(OrderOperator comparison) => comparison switch
    {
        OrderOperator.Less => "<",
        OrderOperator.LessOrEqual => "<=",
        OrderOperator.Greater => ">",
        _ => ">=",
    };

    private bool IsPresent(int bit) => (present & bit) != 0;

    private bool IsPresent(FieldReference field) => new ColumnSet(0).With(field).Bits is var bit && (bit == 0 || IsPresent(bit));

    private string Take(ValuePredicate predicate)
    {
        var slot = PredicateSlots.Take(predicate);
        _slots.Add(slot);
        return slot.ToString(CultureInfo.InvariantCulture);
    }
}
