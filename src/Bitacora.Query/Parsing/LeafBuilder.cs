using System.Text;
using System.Text.RegularExpressions;
using Bitacora.Query.Evaluation;
using Bitacora.Records;

namespace Bitacora.Query.Parsing;

/// <summary>Turns one term into a condition: what its operator means on its field (rules 4 to 11).</summary>
internal sealed class LeafBuilder(QuerySource source, long now, TimeZoneInfo zone)
{
    internal Filter Build(Term term)
    {
        if (term.Field is null)
        {
            return IsOnlyStars(term)
                ? AllFilter.Instance
                : new TextFilter(TextScope.Anywhere, PatternOf(term, isAnchored: false));
        }

        if (term.Operator == TermOperator.Colon && IsOnlyStars(term))
        {
            return term.Field.Kind is FieldKind.Level or FieldKind.Layer or FieldKind.Time or FieldKind.Id
                ? AllFilter.Instance
                : new ExistsFilter(term.Field);
        }

        return term.Operator switch
        {
            TermOperator.NotEqual => NotFilter.Create(BuildOn(term with { Operator = TermOperator.Equal })),
            TermOperator.NotRegex => NotFilter.Create(BuildOn(term with { Operator = TermOperator.Regex })),
            _ => BuildOn(term),
        };
    }

    private Filter BuildOn(Term term) => term.Field!.Kind switch
    {
        FieldKind.Level => new LevelFilter(LevelBits(term)),
        FieldKind.Layer => new LayerFilter(LayerBits(term)),
        FieldKind.Time => new TimeTermFilter(TimeOf(term), term.Start),
        FieldKind.Text when term.Operator == TermOperator.Colon && term.Field.IsSearched => new TextFilter(
            term.Field.Text == NamedField.Message ? TextScope.Message : TextScope.Traceback, PatternOf(term, isAnchored: false)),
        FieldKind.Id => BuildId(term),
        _ => new ComparisonFilter(term.Field, PredicateOf(term)),
    };

    private ComparisonFilter BuildId(Term term) => OrderOf(term.Operator) is null
        ? new ComparisonFilter(term.Field!, PredicateOf(term))
        : throw source.Error(term.ValueStart, "ids have no order that '<' or '>' could compare; use time");

    private ValuePredicate PredicateOf(Term term) => term.Operator switch
    {
        TermOperator.Colon => new PatternPredicate(PatternOf(term, isAnchored: true)),
        TermOperator.Equal => new EqualsPredicate(term.Value, NumberOf(term.Value)),
        TermOperator.Regex => new RegexPredicate(RegexOf(term)),
        _ => new OrderPredicate(OrderOf(term.Operator)!.Value, OrderedNumberOf(term)),
    };

    private static bool IsOnlyStars(Term term) => !term.IsQuoted && term.Value.AsSpan().IndexOfAnyExcept('*') < 0;

    private static TextPattern PatternOf(Term term, bool isAnchored) =>
        TextPattern.Create(term.IsQuoted ? [term.Value] : term.Value.Split('*'), isAnchored);

    private static QueryNumber? NumberOf(string value) =>
        NumberLiteral.TryParse(value, out QueryNumber number) ? number
        : !value.StartsWith('-') && DurationLiteral.TryParseMilliseconds(value, out number) ? number
        : null;

    private QueryNumber OrderedNumberOf(Term term)
    {
        if (NumberOf(term.Value) is QueryNumber number)
        {
            return number;
        }

        string problem = $"'{term.Field}' is compared with a number such as 250 or a duration such as 1.5s, not with '{term.Value}'";
        string? repair = null;
        if (term.Value.StartsWith('-') && DurationLiteral.TryParseMilliseconds(term.Value, out _))
        {
            problem = $"a negative duration such as '{term.Value}' is a value of time only";
        }
        else if (NumberLiteral.TryParse(term.Value[..Math.Min(term.Value.Length, 1)], out _) && term.Value.Length > 1)
        {
            problem += $"; at most {NumberLiteral.MaximumLength} characters, within a double's range, units ns us ms s m h d w";
        }
        else
        {
            repair = source.WithQuoted(term.Start, term.End);
        }

        throw source.Error(term.ValueStart, problem, repair);
    }

    private static OrderOperator? OrderOf(TermOperator comparison) => comparison switch
    {
        TermOperator.Less => OrderOperator.Less,
        TermOperator.LessOrEqual => OrderOperator.LessOrEqual,
        TermOperator.Greater => OrderOperator.Greater,
        TermOperator.GreaterOrEqual => OrderOperator.GreaterOrEqual,
        _ => null,
    };

    private Regex RegexOf(Term term)
    {
        if (Encoding.UTF8.GetByteCount(term.Value) > RegexPredicate.MaximumBytes)
        {
            throw source.Error(term.ValueStart, $"a regular expression has at most {RegexPredicate.MaximumBytes} bytes");
        }

        try
        {
            return new Regex(term.Value, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            string reason = e is NotSupportedException
                ? "it needs backtracking (lookaround, backreferences, atomic groups) or is too large"
                : e.Message;
            throw source.Error(term.ValueStart, $"the regular expression cannot be used: {reason}");
        }
    }

    private byte LevelBits(Term term)
    {
        Level[] levels = Enum.GetValues<Level>();
        if (term.Operator == TermOperator.Regex)
        {
            Regex expression = RegexOf(term);
            return BitsOf(levels, l => expression.IsMatch(Levels.Name(l)));
        }

        if (term.Operator == TermOperator.Colon && !term.IsQuoted && term.Value.Contains('*', StringComparison.Ordinal))
        {
            TextPattern pattern = PatternOf(term, isAnchored: true);
            byte bits = BitsOf(levels, l => pattern.Matches(Levels.Utf8Name(l)));
            return bits != 0 ? bits : throw UnknownLevel(term);
        }

        if (!Levels.TryParse(term.Value, out Level level))
        {
            throw UnknownLevel(term);
        }

        return term.Operator switch
        {
            TermOperator.Less => BitsOf(levels, l => l < level),
            TermOperator.LessOrEqual => BitsOf(levels, l => l <= level),
            TermOperator.Greater => BitsOf(levels, l => l > level),
            TermOperator.GreaterOrEqual => BitsOf(levels, l => l >= level),
            _ => BitsOf(levels, l => l == level),
        };
    }

    private QuerySyntaxException UnknownLevel(Term term)
    {
        string[] names = [.. Enum.GetValues<Level>().Select(Levels.Name)];
        string? near = Suggestion.For(term.Value, [.. names, "WARN", "ERR", "FATAL"]);
        string hint = near is null ? "the levels are " + string.Join(", ", names) : $"did you mean '{near}'?";
        return source.Error(term.ValueStart, $"unknown level '{term.Value}', {hint}");
    }

    private byte LayerBits(Term term)
    {
        Layer[] layers = Enum.GetValues<Layer>();
        switch (term.Operator)
        {
            case TermOperator.Regex:
                Regex expression = RegexOf(term);
                return BitsOf(layers, l => expression.IsMatch(FieldText.NameOf(l)));
            case TermOperator.Colon:
                TextPattern pattern = PatternOf(term, isAnchored: true);
                byte bits = BitsOf(layers, l => pattern.Matches(Encoding.UTF8.GetBytes(FieldText.NameOf(l))));
                return bits != 0 ? bits : throw UnknownLayer(term);
            case TermOperator.Equal:
                byte exact = BitsOf(layers, l => FieldText.NameOf(l) == term.Value);
                return exact != 0 ? exact : throw UnknownLayer(term);
            default:
                throw source.Error(term.ValueStart, "layers have no order; use layer:application or layer:infrastructure");
        }
    }

    private QuerySyntaxException UnknownLayer(Term term)
    {
        string? near = Suggestion.For(term.Value, [.. Enum.GetValues<Layer>().Select(FieldText.NameOf)]);
        string hint = near is null ? "the layers are application and infrastructure" : $"did you mean '{near}'?";
        return source.Error(term.ValueStart, $"unknown layer '{term.Value}', {hint}");
    }

    private static byte BitsOf<T>(T[] values, Predicate<T> wanted)
        where T : struct, Enum
    {
        int bits = 0;
        for (int i = 0; i < values.Length; i++)
        {
            bits |= wanted(values[i]) ? 1 << i : 0;
        }

        return (byte)bits;
    }

    private TimeRange TimeOf(Term term)
    {
        if (term.Operator == TermOperator.Regex)
        {
            throw source.Error(term.ValueStart, $"time has no text for a regular expression; write {TimeLiteral.Forms}");
        }

        if (!TimeLiteral.TryParse(term.Value, term.IsQuoted, now, zone, out long time))
        {
            string? near = !term.Value.StartsWith('-') && DurationLiteral.TryParse(term.Value, out _, out _)
                ? $", did you mean '-{term.Value}'?"
                : $"; write {TimeLiteral.Forms}";
            throw source.Error(term.ValueStart, $"'{term.Value}' is no time{near}");
        }

        long next = time == long.MaxValue ? time : time + 1;
        return term.Operator switch
        {
            TermOperator.Less => new TimeRange(long.MinValue, time),
            TermOperator.LessOrEqual => new TimeRange(long.MinValue, next),
            TermOperator.Greater => new TimeRange(next, long.MaxValue),
            TermOperator.GreaterOrEqual => new TimeRange(time, long.MaxValue),
            _ => new TimeRange(time, next),
        };
    }
}
