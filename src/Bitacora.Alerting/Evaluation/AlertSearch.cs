namespace Bitacora.Alerting.Evaluation;

/// <summary>The query of the product's language that finds the records of a notification.</summary>
internal static class AlertSearch
{
    // More would make a link that no browser takes; then the search finds the records of all groups.
    private const int MaxGroups = 10;
    private const int MaxLength = 1500;

    public static string Of(AlertNotification notification)
    {
        var filter = string.IsNullOrWhiteSpace(notification.Query) ? "*" : notification.Query;
        if (notification.By.Count == 0 || notification.Groups.Count is 0 or > MaxGroups || notification.MoreGroups > 0)
        {
            return filter;
        }

        var groups = notification.Groups.Select(group => string.Join(' ', notification.By.Zip(group.Values, Term))).ToArray();
        var chosen = groups.Length == 1 ? groups[0] : string.Join(" OR ", groups.Select(group => $"({group})"));
        var restricted = groups.Length == 1 ? $"({filter}) {chosen}" : $"({filter}) ({chosen})";
        return restricted.Length > MaxLength ? filter : restricted;
    }

    private static string Term(string field, string? value) => value is null
        ? $"NOT {field}:*"
        : $"{field}=\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
