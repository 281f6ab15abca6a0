using Bitacora.Alerting;
using Bitacora.Server.Hosting;
using Bitacora.Storage;
using Microsoft.Extensions.Logging;

namespace Bitacora.Server.Alerting;

/// <summary>
/// Judges rules every minute and sends what waits, as long as the server runs. Of several servers on one cluster the one with the lease
/// does it. Whatever fails is said once, counted, and tried again.
/// </summary>
internal sealed class AlertLoop : IAsyncDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);

    private readonly AlertSettings? _settings;
    private readonly ILogStore _store;
    private readonly ServerStateStore _states;
    private readonly TimeProvider _clock;
    private readonly string _owner;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();

    // What was said of each subject, so that it is said once; the loop's own.
    private Dictionary<string, string> _said = [];
    private Task _running = Task.CompletedTask;
    private volatile AlertHealth? _health;
    private volatile string? _problem;

    public AlertLoop(ServerOptions options, ILogStore store, ServerStateStore states, TimeProvider clock, ILogger logger)
    {
        (_settings, _store, _states, _clock, _logger) = (options.Alerts, store, states, clock, logger);

        // One server has the data directory: after a crash it need not wait for the end of its own lease.
        _owner = $"server {Environment.MachineName} {Path.GetFullPath(options.Data)}";
    }

    /// <summary>How alerting was after the last round; null before the first, and where there is no alerting.</summary>
    public AlertHealth? Health => _health;

    /// <summary>The rules that it judges and the channels that it tells; null where it does neither.</summary>
    public (int Rules, int Channels)? Duty => _settings is null ? null : (_settings.Rules.Count, _settings.Channels.Count);

    /// <summary>What is wrong now, for people.</summary>
    public IReadOnlyList<AlertProblem> Problems =>
        [.. _problem is { } problem ? [new AlertProblem("alerting", problem)] : Array.Empty<AlertProblem>(), .. _health?.Problems ?? []];

    /// <summary>Begins to judge.</summary>
    /// <param name="page">Where this server listens: links of messages lead there unless the settings say otherwise.</param>
    public void Start(Uri page)
    {
        if (_settings is not null)
        {
            Log.AlertingStarted(_logger, _settings.Rules.Count, _settings.Channels.Count);
            _running = RunAsync(_settings with { Link = _settings.Link ?? page });
        }
    }

    /// <summary>Ends the round that runs; what was not sent waits in the state store.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task RunAsync(AlertSettings settings)
    {
        await Task.Yield();
        AlertEngine? engine = null;
        try
        {
            var next = DateTimeOffset.MinValue;
            var wait = await FirstWaitAsync();
            while (true)
            {
                await Task.Delay(wait, _clock, _stop.Token);
                (engine, next, wait) = await RoundAsync(engine, settings, next);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            await ResignAsync(engine);
        }
        finally
        {
            engine?.Dispose();
        }
    }

    // What was raised before a restart is sent at once. A server that never kept any state has nothing to send.
    private async Task<TimeSpan> FirstWaitAsync()
    {
        try
        {
            if (await _states.FindAsync(_stop.Token) is not null)
            {
                return TimeSpan.Zero;
            }
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Fail(error);
        }

        return AlertEngine.NextEvaluation(_clock.GetUtcNow()) - _clock.GetUtcNow();
    }

    private async Task<(AlertEngine? Engine, DateTimeOffset Next, TimeSpan Wait)> RoundAsync(
        AlertEngine? engine, AlertSettings settings, DateTimeOffset next)
    {
        try
        {
            engine ??= await OpenAsync(settings);
            var problems = new List<AlertProblem>();
            var isLeading = await engine.TryLeadAsync(_stop.Token);
            var soon = AlertEngine.NextEvaluation(_clock.GetUtcNow());

            // A time further away than the next minute is of a clock that was ahead.
            if (isLeading && (_clock.GetUtcNow() >= next || next > soon))
            {
                next = soon;
                var report = await engine.EvaluateAsync(_stop.Token);
                problems.AddRange(report.Problems);
                Say(report.Raised);
            }

            if (isLeading)
            {
                await engine.DeliverAsync(_stop.Token);
            }

            _health = await engine.HealthAsync(_stop.Token);
            problems.AddRange(_health.Problems);
            Say(problems);
            _problem = null;
            var due = await engine.NextDeliveryAsync(_stop.Token) is { } delivery && isLeading && delivery < next ? delivery : next;
            return (engine, next, Bounded(due - _clock.GetUtcNow()));
        }
        catch (Exception error) when (error is not OperationCanceledException || !_stop.IsCancellationRequested)
        {
            Fail(error);
            return (engine, next, LongestWait);
        }
    }

    private async Task<AlertEngine> OpenAsync(AlertSettings settings) => new(
        settings, _store.QueryAsync, await _states.OpenAsync(_stop.Token), Console.Out, _clock, Random.Shared)
    {
        Owner = _owner,
    };

    private static TimeSpan Bounded(TimeSpan wait) => wait < ShortestWait ? ShortestWait : wait > LongestWait ? LongestWait : wait;

    private void Fail(Exception error)
    {
        if (_problem != error.Message)
        {
            Log.AlertingFails(_logger, error.Message);
        }

        _problem = error.Message;
    }

    private void Say(IReadOnlyList<AlertNotification> raised)
    {
        foreach (var notification in raised)
        {
            Log.AlertRaised(_logger, notification.Kind, notification.Rule, notification.Matching, notification.Id);
        }
    }

    private void Say(List<AlertProblem> problems)
    {
        var now = problems.GroupBy(problem => problem.Subject).ToDictionary(group => group.Key, group => group.First().Text);
        foreach (var (subject, text) in now.Where(one => !_said.ContainsKey(one.Key)))
        {
            Log.AlertingTrouble(_logger, subject, text);
        }

        foreach (var subject in _said.Keys.Except(now.Keys))
        {
            Log.AlertingTroubleOver(_logger, subject);
        }

        _said = now;
    }

    private async Task ResignAsync(AlertEngine? engine)
    {
        try
        {
            await (engine?.ResignAsync(CancellationToken.None) ?? default);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // The lease ends by itself.
            Log.AlertingFails(_logger, error.Message);
        }
    }
}
