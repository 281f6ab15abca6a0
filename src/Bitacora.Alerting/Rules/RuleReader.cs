using Bitacora.Query;
using Bitacora.Records;

namespace Bitacora.Alerting.Rules;

/// <summary>Reads a rule from its section and finds everything that is wrong with it.</summary>
internal static class RuleReader
{
    private const int MaxBy = 3;
    private const int MaxLabels = 16;
    private const int MaxText = 256;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static AlertRule Read(string name, Section section)
    {
        if (!IsName(name))
        {
            section.RefuseWhole($"'{name}' is no name: 1 to 64 letters, digits, '-', '_' and '.' are allowed");
        }

        var query = section.Required("query", "a filter of the query language, '*' for all records");
        var written = section.Required("condition", AlertCondition.Allowed);
        if (!AlertCondition.TryParse(written, out var condition) && section.Has("condition"))
        {
            section.Refuse("condition", $"'{written}' is not understood; allowed: {AlertCondition.Allowed}");
        }

        var by = section.Texts("by");
        var rule = new AlertRule
        {
            Name = name,
            Query = query,
            Condition = condition,
            By = by,
            Window = section.Duration("window", TimeSpan.FromMinutes(5), Minute, Day),
            For = section.Duration("for", TimeSpan.Zero, TimeSpan.Zero, Day),
            Severity = section.Choice("severity", AlertSeverity.Warning),
            Repeat = section.Duration("repeat", TimeSpan.FromHours(4), Minute, TimeSpan.FromDays(30)),
            Channels = section.Texts("channels"),
            Runbook = section.Address("runbook")?.AbsoluteUri,
            Labels = section.Pairs("labels"),
            Zone = section.Zone("zone"),
        };
        CheckQuery(section, query, by);
        if (rule.Channels.Distinct().Count() < rule.Channels.Count)
        {
            section.Refuse("channels", "each channel is allowed once");
        }

        if (rule.Labels.Count > MaxLabels || rule.Labels.Any(label => label.Key.Length > MaxText || label.Value.Length > MaxText))
        {
            section.Refuse("labels", $"at most {MaxLabels} labels are allowed, their names and texts at most {MaxText} characters");
        }

        section.RefuseOthers();
        return rule;
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static void CheckQuery(Section section, string text, IReadOnlyList<string> by)
    {
        // As wide as a range can be, so that a term on time is seen by what it leaves.
        var context = new QueryContext { Now = RecordTime.ToDateTimeOffset(RecordTime.Max / 2), FromTicks = 0, ToTicks = RecordTime.Max };
        try
        {
            var query = QueryParser.Parse(text, context);
            if (query.Aggregate is not null || query.Sort.Count > 0 || query.Limit is not null || query.Fields is not null)
            {
                section.Refuse("query", "a filter is allowed, without stages: a rule counts by itself, by the fields of 'by'");
            }

            if (query.Range != new TimeRange(0, RecordTime.Max))
            {
                section.Refuse("query", "terms on time are not allowed: 'window' says it");
            }
        }
        catch (QuerySyntaxException error)
        {
            section.Refuse("query", error.Message);
            return;
        }

        if (by.Count > MaxBy || by.Distinct().Count() < by.Count)
        {
            section.Refuse("by", $"at most {MaxBy} fields are allowed, each once");
            return;
        }

        foreach (var field in by)
        {
            if (!IsField(field, context))
            {
                section.Refuse(
                    "by", $"'{field}' is no field that records can be grouped by: level, layer, source, logger, host or another");
            }
        }
    }

    private static bool IsField(string field, QueryContext context)
    {
        try
        {
            return field.Length <= MaxText
                && QueryParser.Parse($"| count by {field}", context).Aggregate is { Keys: [{ Buckets: null } key] }
                && key.Column == field && key.Field.Kind is not (FieldKind.Time or FieldKind.Id);
        }
        catch (QuerySyntaxException)
        {
            return false;
        }
    }
}
