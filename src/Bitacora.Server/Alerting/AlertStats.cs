using System.Text;
using System.Text.Json;
using Bitacora.Records;
using Bitacora.Server.Observing;

namespace Bitacora.Server.Alerting;

/// <summary>How alerting is, in <c>/api/stats</c> and <c>/metrics</c>.</summary>
internal static class AlertStats
{
    public static void Write(Utf8JsonWriter json, AlertLoop alerts)
    {
        json.WriteStartObject("alerts"u8);
        if (alerts.Duty is { } duty)
        {
            json.WriteNumber("rules"u8, duty.Rules);
            json.WriteNumber("channels"u8, duty.Channels);
        }

        if (alerts.Health is { } health)
        {
            json.WriteString("judged_until"u8, health.LastMinute is { } minute ? RecordTime.Format(minute) : null);
            json.WriteNumber("firing"u8, health.Firing);
            json.WriteNumber("waiting"u8, health.Waiting);
            json.WriteNumber("given_up"u8, health.GivenUp);
            json.WriteNumber("skipped_minutes"u8, health.Skipped);
        }

        json.WriteStartArray("problems"u8);
        foreach (var problem in alerts.Problems)
        {
            json.WriteStringValue($"{problem.Subject}: {problem.Text}");
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static void Write(StringBuilder text, AlertLoop alerts, TimeProvider clock)
    {
        var health = alerts.Health;
        var now = RecordTime.Now(clock);
        void Gauge(string name, string help, double value) => MetricsEndpoint.One(text, $"bitacora_alerts_{name}", "gauge", help, value);
        Gauge("rules", "Rules that are judged.", health?.Rules ?? 0);
        Gauge("firing", "Alerts that have fired and not resolved.", health?.Firing ?? 0);
        Gauge("waiting", "Notifications that wait to be delivered, once a channel.", health?.Waiting ?? 0);
        Gauge(
            "given_up", "Notifications that were given up, once a channel: not taken for three days, or too many waited.",
            health?.GivenUp ?? 0);
        Gauge("skipped_minutes", "Minutes that rules were never judged for, summed over rules.", health?.Skipped ?? 0);
        Gauge("problems", "What is wrong with alerting now; the stats say it in words.", alerts.Problems.Count);
        Gauge(
            "lag_seconds", "Since the end of the last minute that every rule was judged for; 0 before the first.",
            health?.LastMinute is { } minute ? (double)(now - minute) / RecordTime.Second : 0);
    }
}
