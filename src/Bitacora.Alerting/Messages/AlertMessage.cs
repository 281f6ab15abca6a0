using System.Globalization;
using Bitacora.Records;

namespace Bitacora.Alerting.Messages;

/// <summary>
/// A notification in words, in the language and zone of its readers: the parts that every form of message is made of. No part has a line
/// end or a control character.
/// </summary>
internal sealed class AlertMessage
{
    private const int MaxQuery = 500;
    private const int MaxValue = 200;
    private const string MinuteFormat = "yyyy-MM-dd HH:mm";

    private readonly MessageTexts _texts;
    private readonly TimeZoneInfo _zone;

    public AlertMessage(AlertNotification notification, AlertSettings settings)
    {
        Notification = notification;
        _texts = MessageTexts.Of(settings.Language);
        _zone = notification.Zone is { } id && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone : settings.Zone;
        Link = notification.Problem is null && settings.Link is { } page ? LinkOf(page) : null;
    }

    public AlertNotification Notification { get; }

    /// <summary>The search that finds exactly the records; null for a built-in alert, and where nobody knows a server's page.</summary>
    public Uri? Link { get; }

    public string LinkText => _texts.Search;

    public string LinesTitle => _texts.Lines;

    /// <summary>What a reader sees who sees nothing else.</summary>
    public string Title
    {
        get
        {
            var kind = _texts.Kinds[(int)Notification.Kind].ToUpper(CultureInfo.InvariantCulture);
            var what = Notification.Problem switch
            {
                null => CountText,
                AlertNotification.RuleRemoved => _texts.RuleRemoved,
                var problem => VisibleText.Of(problem, MaxQuery),
            };
            return $"[{_texts.Severities[(int)Notification.Severity]}] {kind}: {Notification.Rule}: {what}";
        }
    }

    /// <summary>The count against the threshold.</summary>
    public string CountText => Notification.Condition == "absence" && Notification.Kind != AlertKind.Resolved
        ? _texts.Absent
        : $"{Number(Notification.Matching)} {_texts.Records} ({_texts.Threshold} {Notification.Condition})";

    /// <summary>A sentence that the kind needs; null where none.</summary>
    public string? Note => Notification.Kind switch
    {
        AlertKind.Late => _texts.LateNote,
        AlertKind.Test => _texts.TestNote,
        _ => null,
    };

    public IEnumerable<(string Name, string Text)> Facts
    {
        get
        {
            if (Notification.Problem is null)
            {
                yield return (_texts.Window, $"{Minute(Notification.From)} – {Minute(Notification.To)} {_zone.Id}");
                if (Notification.By.Count > 0)
                {
                    yield return (_texts.Groups, string.Join("; ", GroupTexts));
                }

                if (Notification.Groups.Count > 0)
                {
                    yield return (_texts.Since, Minute(Notification.Groups.Min(group => group.Since)));
                }

                yield return (_texts.Query, VisibleText.Of(Notification.Query, MaxQuery));
            }

            if (Notification.Labels.Count > 0)
            {
                yield return (_texts.Labels, string.Join(", ", Notification.Labels.Select(Label)));
            }

            if (Notification.Runbook is { } runbook)
            {
                yield return (_texts.Runbook, VisibleText.Of(runbook));
            }

            yield return (_texts.Alerts, AlertIds);
        }
    }

    /// <summary>The lines, and what stands between the first and the last.</summary>
    public IEnumerable<string> Lines
    {
        get
        {
            var shown = Notification.Lines;
            var gap = Notification.Matching > shown.Count && shown.Count > 0 ? (shown.Count + 1) / 2 : -1;
            for (var i = 0; i < shown.Count; i++)
            {
                if (i == gap)
                {
                    yield return $"… {Number(Notification.Matching - shown.Count)} {_texts.MoreLines}";
                }

                foreach (var line in LineTexts(shown[i]))
                {
                    yield return line;
                }
            }

            if (gap == shown.Count)
            {
                yield return $"… {Number(Notification.Matching - shown.Count)} {_texts.MoreLines}";
            }

            if (Notification.LinesProblem is { } problem)
            {
                yield return $"{_texts.LinesProblem}: {VisibleText.Of(problem, MaxQuery)}";
            }
        }
    }

    public string AlertIds
    {
        get
        {
            const int Most = 10;
            var ids = string.Join(", ", Notification.Groups.Take(Most).Select(group => group.AlertId));
            return Notification.Groups.Count + Notification.MoreGroups > Most ? $"{ids}, …" : ids.Length == 0 ? Notification.Id : ids;
        }
    }

    private IEnumerable<string> GroupTexts
    {
        get
        {
            const int Most = 20;
            foreach (var group in Notification.Groups.Take(Most))
            {
                var values = Notification.By.Zip(group.Values, (name, value) =>
                    $"{name}={(value is null ? _texts.NoValue : VisibleText.Of(value, MaxValue))}");
                yield return $"{string.Join(", ", values)}: {Number(group.Count)}";
            }

            if (Notification.Groups.Count + Notification.MoreGroups - Most is > 0 and var more)
            {
                yield return $"{Number(more)} {_texts.MoreGroups}";
            }
        }
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Label(KeyValuePair<string, string> label) => $"{VisibleText.Of(label.Key)}={VisibleText.Of(label.Value)}";

    private Uri LinkOf(Uri page)
    {
        static string Escape(string text) => Uri.EscapeDataString(text);
        var query = $"search?q={Escape(Notification.Search)}&from={Escape(RecordTime.Format(Notification.From))}"
            + $"&to={Escape(RecordTime.Format(Notification.To))}&tz={Escape(_zone.Id)}";
        return new Uri($"{page.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{query}");
    }

    private string Minute(long ticks) => In(ticks).ToString(MinuteFormat, CultureInfo.InvariantCulture);

    private DateTimeOffset In(long ticks) => TimeZoneInfo.ConvertTime(RecordTime.ToDateTimeOffset(ticks), _zone);

    private IEnumerable<string> LineTexts(AlertLine line)
    {
        var time = In(line.Time).ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        var name = line.Logger ?? line.Source;
        var request = line.RequestId is null ? "" : $" [{VisibleText.Of(line.RequestId, MaxValue)}]";
        yield return $"{time} {Levels.Name(line.Level)} {VisibleText.Of(name, MaxValue)}{request} {VisibleText.Of(line.Message)}";
        if (line.TracebackFirst is { } first)
        {
            yield return $"    {VisibleText.Of(first)}";
        }

        if (line.TracebackLast is { } last)
        {
            yield return $"    … {VisibleText.Of(last)}";
        }
    }
}
