using System.CommandLine;
using System.Globalization;
using Bitacora.Alerting;
using Bitacora.Cli.Alerting;
using Bitacora.Cli.Answers;
using Bitacora.Cli.Options;
using Bitacora.Cli.Showing;
using Bitacora.Cli.Targets;
using Bitacora.Query;
using Bitacora.Records;

namespace Bitacora.Cli.Commands;

/// <summary><c>bitacora alerts backtest RULE --last 7d</c>: how often a rule would have fired.</summary>
internal sealed class AlertsBacktestCommand : CliCommand
{
    private readonly Argument<string> _rule = new("RULE") { Description = "The rule." };
    private readonly RangeOptions _range = new();
    private readonly FormatOption _format = new();
    private readonly AlertOptions _alerts = new();
    private readonly TargetOptions _target = new();

    public AlertsBacktestCommand(Screen screen)
        : base(
            "backtest", "Judge a rule over the past. Shows how often it would have fired; nobody is told.", screen,
            new Example("alerts backtest errors --last 7d", "the past week"),
            new Example("alerts backtest slow-orders --last 30d --format csv", "for a spreadsheet"))
    {
        Add(_rule);
        _range.AddTo(this);
        _format.AddTo(this);
        _alerts.AddTo(this);
        _target.AddTo(this);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var here = _alerts.ReadServer(parsed, Screen);
        var settings = here.Alerts ?? AlertSettings.Default;
        var name = parsed.GetValue(_rule)!;
        AlertOptions.RequireRule(settings, name);
        var range = _range.Read(parsed, Screen);
        var bound = QueryParser.Parse("", new QueryContext
        {
            Now = Screen.Clock.GetUtcNow(),
            Zone = range.Zone,
            Last = range.Last,
            From = range.From,
            To = range.To,
        }).Range;
        var choice = (await _target.ReadAsync(parsed, Screen, cancellationToken)).OrOf(_alerts.IsGiven(parsed) ? here : null);
        await using var session = await new TargetResolver(Screen, here).OpenAsync(choice, create: false, cancellationToken);
        var result = await new Backtest(new SessionRecords(session.Client).QueryAsync)
            .RunAsync(settings.Rules.First(rule => rule.Name == name), bound, cancellationToken);
        var format = _format.Read(parsed);
        var screen = Screen.In(range.Zone);
        if (format != OutputFormat.Pretty || result.Events.Count > 0)
        {
            new AlertTable(screen, format).Write(result.Events);
        }

        if (format == OutputFormat.Pretty)
        {
            Chart(screen, result);
        }

        Screen.Say($"'{name}' would have fired {result.Fired} {(result.Fired == 1 ? "time" : "times")} "
            + $"in {result.Judged.ToString("N0", CultureInfo.InvariantCulture)} minutes.");
        foreach (var reason in result.Completeness.Reasons)
        {
            Screen.Say($"The counts are partial: {SafeText.Escape(reason.Text)}");
        }

        return result.Completeness.IsComplete ? ExitCode.Done : ExitCode.Partial;
    }

    // A bar a day.
    private static void Chart(Screen screen, BacktestResult result)
    {
        var days = result.Events.Where(one => one.Kind == AlertKind.Fired)
            .CountBy(one => LocalTime.Short(RecordTime.ToDateTimeOffset(one.Time), screen.Zone)[..10])
            .OrderBy(day => day.Key, StringComparer.Ordinal).ToArray();
        var bars = new Bars(days.Select(day => day.Value.ToString(CultureInfo.InvariantCulture)));
        foreach (var (day, count) in days)
        {
            var text = count.ToString(CultureInfo.InvariantCulture);
            screen.Out.WriteLine($"{day} {text,5} {bars.Of(text)}");
        }
    }
}
