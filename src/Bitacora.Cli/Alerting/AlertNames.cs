using Bitacora.Alerting;

namespace Bitacora.Cli.Alerting;

/// <summary>Names as programs read them.</summary>
internal static class AlertNames
{
    public static string Of(AlertKind kind) => kind switch
    {
        AlertKind.Fired => "fired",
        AlertKind.Late => "late",
        AlertKind.Repeated => "repeated",
        AlertKind.Resolved => "resolved",
        _ => "test",
    };

    public static string Of(AlertSeverity severity) => severity switch
    {
        AlertSeverity.Critical => "critical",
        AlertSeverity.Warning => "warning",
        _ => "info",
    };

    public static string StateOf(RuleStatus status) =>
        status.Problem is not null ? "unreadable"
        : status.Firing.Count > 0 ? "firing"
        : status.JudgedUntil is null ? "not judged"
        : "quiet";

    public static string Of(AlertEvent one) => string.Join(", ", one.Values.Select(value => value ?? ""));
}
