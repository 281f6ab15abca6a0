using System.Diagnostics;
using System.Diagnostics.Metrics;
using Bitacora.Cql.Connections;
using Bitacora.Cql.Frames;
using Microsoft.Extensions.Logging;

namespace Bitacora.Cql.Sessions;

/// <summary>
/// What a session counts and traces, under the name <c>Bitacora.Cql</c>; listed in <c>docs/events.md</c>. Counters are plain numbers
/// which are read when somebody collects them; nothing else costs anything while nobody listens.
/// </summary>
internal sealed class Diagnostics : IDisposable
{
    private const string Name = "Bitacora.Cql";
    private static readonly ActivitySource Source = new(Name);

    private readonly Meter _meter = new(Name);
    private readonly Histogram<double> _duration;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly WarningLog _warnings;
    private long _succeeded;
    private long _failed;
    private long _retries;

    public Diagnostics(ConnectionSweeper connections, CqlOptions options, ILogger logger)
    {
        _time = options.TimeProvider;
        _logger = logger;
        _warnings = new WarningLog(options.TimeProvider, logger);
        _meter.CreateObservableCounter("bitacora.cql.requests", Requests, "{request}", "Requests by their outcome.");
        _meter.CreateObservableCounter("bitacora.cql.retries", () => Volatile.Read(ref _retries), "{attempt}", "Attempts after the first.");
        Gauge("connections", "{connection}", "Open connections.", all => all.Count());
        Gauge("in_flight", "{request}", "Requests on connections, those that wait in line among them.", all => all.Sum(c => c.Load));
        Gauge("waiting", "{request}", "Requests that wait for a stream or for bytes in flight.", all => all.Sum(c => c.Waiting));
        Gauge("orphans", "{stream}", "Streams whose caller has gone and whose answer has not come.", all => all.Sum(c => c.Orphans));
        _duration = _meter.CreateHistogram<double>("bitacora.cql.request.duration", "s", "From the call to the outcome, retries included.");

        void Gauge(string name, string unit, string description, Func<IEnumerable<Connection>, int> value) =>
            _meter.CreateObservableGauge(
                "bitacora.cql." + name, () => value(connections.Connections.Where(c => c.Fault is null)), unit, description);
    }

    public static void Started(SessionRequest request)
    {
        if (Source.HasListeners())
        {
            StartActivity(request);
        }
    }

    public void Retried() => Interlocked.Increment(ref _retries);

    public void Unprepared(PreparedStatement statement, NodeAddress node) => Log.Unprepared(_logger, node, statement.Cql);

    public void Finished(SessionRequest request, CqlResult? result, Exception? error)
    {
        if (result is { Warnings.Count: > 0 })
        {
            _warnings.Write(result.Warnings);
        }

        Interlocked.Increment(ref error is null ? ref _succeeded : ref _failed);
        if (_duration.Enabled)
        {
            _duration.Record(_time.GetElapsedTime(request.StartedAt).TotalSeconds);
        }

        if (request.Activity is { } activity)
        {
            activity.SetTag("server.address", request.Connection?.Address.EndPoint.ToString());
            activity.SetStatus(error is null ? ActivityStatusCode.Ok : ActivityStatusCode.Error, error?.Message);
            activity.Dispose();
        }
    }

    public void Dispose() => _meter.Dispose();

    private static void StartActivity(SessionRequest request)
    {
        // The request's end is on another thread: it must not stay the caller's current activity.
        var current = Activity.Current;
        request.Activity = Source.StartActivity($"cql {Word(request.Opcode)}", ActivityKind.Client);
        request.Activity?.SetTag("db.system.name", "cassandra");
        request.Activity?.SetTag("db.namespace", request.Content.Keyspace);
        Activity.Current = current;
    }

    private static string Word(Opcode opcode) => opcode switch
    {
        Opcode.Batch => "batch",
        Opcode.Execute => "execute",
        _ => "query",
    };

    private Measurement<long>[] Requests() =>
    [
        new(Volatile.Read(ref _succeeded), new KeyValuePair<string, object?>("outcome", "succeeded")),
        new(Volatile.Read(ref _failed), new KeyValuePair<string, object?>("outcome", "failed")),
    ];
}
