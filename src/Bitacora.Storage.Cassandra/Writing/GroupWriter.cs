using Bitacora.Storage.Cassandra.Schema;
using Microsoft.Extensions.Logging;

namespace Bitacora.Storage.Cassandra.Writing;

/// <summary>
/// Takes closed groups in order, remembers each in the journal, cuts it and has its slices written, many at once. Owns its loop.
/// </summary>
internal sealed class GroupWriter : IAsyncDisposable
{
    // Indexes take most of a node's time: more at once only gives time-outs.
    private const int IndexedSlicesInFlight = 8;

    private static readonly TimeSpan StaleAfter = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly CassandraStoreOptions _options;
    private readonly ClusterConnection _connection;
    private readonly Gatherer _gatherer;
    private readonly GroupJournal _journal;
    private readonly SettlingQueue _settling;
    private readonly string _writer;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _places;
    private readonly WriteLimit _limit;
    private readonly Task _running;
    private Task _underWay = Task.CompletedTask;
    private volatile SliceWriter? _slices;
    private volatile string? _fault;

    public GroupWriter(
        CassandraStoreOptions options, ClusterConnection connection, Gatherer gatherer, GroupJournal journal, SettlingQueue settling,
        string writer, TimeProvider clock, ILogger logger)
    {
        (_options, _connection, _gatherer, _journal, _settling, _writer) = (options, connection, gatherer, journal, settling, writer);
        (_clock, _logger) = (clock, logger);
        _places = new SemaphoreSlim(options.SlicesInFlight);
        _limit = new WriteLimit(options.SlicesInFlight);
        _running = Task.Run(RunAsync);
    }

    /// <summary>What is wrong with writing; null when all is well.</summary>
    public string? Fault => _fault ?? _slices?.Trouble;

    /// <summary>Writes a group that was written before, once more, as it was.</summary>
    public async Task SendAgainAsync(RecordGroup group, CancellationToken cancellationToken)
    {
        var link = await _connection.LinkAsync(cancellationToken).ConfigureAwait(false);

        // With late marks of its own: what is lost may be those.
        await (await SendAsync(group, link, NewSliceWriter(link), cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        await _underWay.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _gatherer.Abandon();
        _places.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            var link = await _connection.LinkAsync(_stop.Token).ConfigureAwait(false);
            var slices = _slices = NewSliceWriter(link);
            if (link.IsIndexed)
            {
                _limit.LowerTo(IndexedSlicesInFlight);
            }

            while (true)
            {
                var group = await NextAsync(link).ConfigureAwait(false);
                await WaitForLayoutsAsync(link).ConfigureAwait(false);
                try
                {
                    await StartAsync(group, link, slices).ConfigureAwait(false);
                }
                catch (Exception e) when (!_stop.IsCancellationRequested)
                {
                    // It stays pending, and comes again with the next start; the others go on.
                    Log.WriterFailed(_logger, e);
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // What was not written comes again from the write-ahead log.
        }
    }

    private SliceWriter NewSliceWriter(ClusterLink link) => new(link, new LateMarks(link, _clock), _limit, _writer, _clock, _logger);

    private async Task<RecordGroup> NextAsync(ClusterLink link)
    {
        while (true)
        {
            var work = _gatherer.Work;
            var left = _gatherer.CloseAfter(_options.GatherFor);
            if (_gatherer.Take(link.ClockOffset) is { } group)
            {
                return group;
            }

            // A delay that nobody waits for any more would still come to its end, a thread woken for each.
            using var over = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            await Task.WhenAny(work, Task.Delay(left ?? Timeout.InfiniteTimeSpan, _clock, over.Token)).ConfigureAwait(false);
            await over.CancelAsync().ConfigureAwait(false);
            _stop.Token.ThrowIfCancellationRequested();
        }
    }

    /// <summary>A writer with an old list could put records where no reader looks.</summary>
    private async Task WaitForLayoutsAsync(ClusterLink link)
    {
        while (link.LayoutAge > StaleAfter)
        {
            if (_fault is null)
            {
                Log.LayoutsStale(_logger, link.LayoutAge.TotalSeconds);
                _fault = "The layouts cannot be read again, so that nothing is written.";
            }

            await Task.Delay(LookAgain, _clock, _stop.Token).ConfigureAwait(false);
        }

        _fault = null;
    }

    /// <summary>Remembers it, and has its slices written; returns when all of them are under way.</summary>
    private async Task StartAsync(RecordGroup group, ClusterLink link, SliceWriter writer)
    {
        while (true)
        {
            try
            {
                if (!group.IsReplay)
                {
                    _journal.Add(group);
                }

                break;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Without the journal a replay would count twice: nothing is sent before it can be written.
                _fault = $"The journal of groups cannot be written: {e.Message}";
                Log.WriterFailed(_logger, e);
                await Task.Delay(LookAgain, _clock, _stop.Token).ConfigureAwait(false);
            }
        }

        _fault = null;
        _settling.Add(group);
        var written = await SendAsync(group, link, writer, _stop.Token).ConfigureAwait(false);
        _underWay = Task.WhenAll(_underWay, FinishAsync(group, written));
    }

    private async Task FinishAsync(RecordGroup group, Task written)
    {
        await written.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (written.IsCompletedSuccessfully)
        {
            _gatherer.Written(group);
            _settling.Written(group);
        }
        else if (written.Exception is { } e)
        {
            // It stays pending, and comes again with the next start.
            Log.WriterFailed(_logger, e);
        }
    }

    /// <summary>
    /// Starts all slices, each when there is a place for it. They are encoded one after the other: a thread woken for each would cost more
    /// than it saves.
    /// </summary>
    /// <returns>Ends when all are written.</returns>
    private async Task<Task> SendAsync(RecordGroup group, ClusterLink link, SliceWriter writer, CancellationToken cancellationToken)
    {
        var slices = new SliceCutter(link.Layouts).Cut(group);
        var tasks = new List<Task>(slices.Count);
        foreach (var slice in slices)
        {
            await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
            tasks.Add(WriteAsync(group, slice, writer, cancellationToken));
        }

        return Task.WhenAll(tasks);
    }

    private async Task WriteAsync(RecordGroup group, Slice slice, SliceWriter writer, CancellationToken cancellationToken)
    {
        try
        {
            await writer.WriteAsync(group, slice, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _places.Release();
        }
    }
}
