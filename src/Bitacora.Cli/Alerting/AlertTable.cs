using System.Text.Json;
using Bitacora.Alerting;
using Bitacora.Cli.Answers;
using Bitacora.Cli.Options;
using Bitacora.Cli.Showing;
using Bitacora.Records;

namespace Bitacora.Cli.Alerting;

/// <summary>Events of rules as a table, or for programs.</summary>
internal sealed class AlertTable(Screen screen, OutputFormat format)
{
    private static readonly string[] _columns = ["time", "rule", "kind", "group", "count", "alert_id", "untold"];

    public void Write(IReadOnlyList<AlertEvent> events)
    {
        if (!RowOutput.TryWrite(screen, format, _columns, events.Select(Json)))
        {
            Show(events);
        }
    }

    private static byte[] Json(AlertEvent one) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        time = RecordTime.Format(one.Time),
        rule = one.Rule,
        kind = AlertNames.Of(one.Kind),
        group = AlertNames.Of(one),
        count = one.Count,
        alert_id = one.AlertId,
        untold = one.IsUntold,
    });

    private void Show(IReadOnlyList<AlertEvent> events)
    {
        var table = new TextTable(
            ["TIME", "RULE", "KIND", "GROUP", "COUNT", "ALERT", ""], [false, false, false, false, true, false, false]);
        foreach (var one in events)
        {
            table.Add(
                LocalTime.Short(RecordTime.ToDateTimeOffset(one.Time), screen.Zone), one.Rule, AlertNames.Of(one.Kind),
                SafeText.Escape(AlertNames.Of(one)), $"{one.Count}", one.AlertId, one.IsUntold ? "silenced" : "");
        }

        table.Write(screen.Out, screen.OutColours, screen.Width);
    }
}
