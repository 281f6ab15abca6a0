namespace Bitacora.Alerting.Rules;

/// <summary>The rules that need no configuration.</summary>
internal static class DefaultRules
{
    public static IReadOnlyList<AlertRule> All { get; } =
    [
        new()
        {
            Name = "errors", Query = "level:ERROR", Condition = new AlertCondition(ConditionOperator.MoreThan, 10),
        },
        new()
        {
            Name = "critical", Query = "level:CRITICAL", Condition = new AlertCondition(ConditionOperator.MoreThan, 5),
            Severity = AlertSeverity.Critical,
        },
        new()
        {
            Name = "logger-flood", Query = "logger:*", Condition = new AlertCondition(ConditionOperator.MoreThan, 100), By = ["logger"],
        },
    ];
}
