using System.Security.Cryptography;
using System.Text;

namespace Bitacora.Alerting.Evaluation;

/// <summary>Gathers what changed into notifications: one for all groups to which the same happened in the same minute.</summary>
internal static class NotificationComposer
{
    public static IEnumerable<AlertNotification> Compose(AlertRule rule, IReadOnlyList<AlertChange> changes) =>
        from change in changes
        group change by (change.Minute, change.Kind, change.By) into same
        orderby same.Key.Minute
        select Of(rule, same.Key.Minute, same.Key.Kind, [.. same.OrderByDescending(change => change.Count)]) with
        {
            By = same.Key.By ?? rule.By,
        };

    /// <summary>A notification that says that it is a test.</summary>
    public static AlertNotification Test(AlertRule rule, long minute) => Of(rule, minute, AlertKind.Test, []);

    /// <summary>What a rule's notifications say, without groups: remembered while it fires.</summary>
    public static AlertNotification Ending(AlertRule rule) => Of(rule, 0, AlertKind.Resolved, []);

    /// <summary>A notification that says of a rule's alerts that they are over because the rule is no more.</summary>
    public static AlertNotification Removed(
        AlertNotification ending, long minute, IReadOnlyList<KeyValuePair<string, GroupState>> told) => ending with
        {
            Id = IdOf([ending.Rule, "removed", .. told.Select(group => group.Value.Alert!.Id)]),
            From = told.Min(group => group.Value.Alert!.Since) * Minutes.Ticks,
            To = minute * Minutes.Ticks,
            Groups =
            [
                .. told.Take(AlertNotification.MaxGroups).Select(group => new AlertedGroup(
                    group.Value.Alert!.Id, GroupKeyText.Values(group.Key), 0, group.Value.Alert!.Since * Minutes.Ticks)),
            ],
            MoreGroups = Math.Max(0, told.Count - AlertNotification.MaxGroups),
            Problem = AlertNotification.RuleRemoved,
        };

    public static string IdOf(params IEnumerable<string> parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))).AsSpan(0, 8));

    private static AlertNotification Of(AlertRule rule, long minute, AlertKind kind, AlertChange[] changes) => new()
    {
        Id = IdOf([rule.Name, kind.ToString(), $"{minute}", .. changes.Select(change => change.AlertId)]),
        Rule = rule.Name,
        Kind = kind,
        Severity = rule.Severity,
        Query = rule.Query,
        Condition = rule.Condition.ToString(),
        By = rule.By,
        From = (minute - rule.WindowMinutes) * Minutes.Ticks,
        To = minute * Minutes.Ticks,
        Groups =
        [
            .. changes.Take(AlertNotification.MaxGroups).Select(change => new AlertedGroup(
                change.AlertId, GroupKeyText.Values(change.Group), change.Count, change.Since * Minutes.Ticks)),
        ],
        MoreGroups = Math.Max(0, changes.Length - AlertNotification.MaxGroups),
        Matching = changes.Sum(change => change.Count),
        Zone = rule.Zone?.Id,
        Runbook = rule.Runbook,
        Labels = rule.Labels,
    };
}
