using System.Collections.Concurrent;
using Bitacora.Records;
using Bitacora.Testing.Files;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bitacora.Delivery.Tests.Model;

/// <summary>
/// One life of a data directory: senders send and repeat, the disk fails, the destination stalls and fails, the process dies and starts
/// again. After each start everything that was acknowledged is stored once, and nothing is stored that was not sent; memory is bounded,
/// and the counters agree at each step.
/// </summary>
internal sealed class ModelRun(int seed)
{
    private readonly Random _random = new(seed);
    private readonly HashSet<string> _acknowledged = [];
    private readonly List<ModelSender> _senders = [];
    private ConcurrentDictionary<string, byte> _acknowledgedInThisLife = [];
    private FaultyFiles _files = new();
    private FaultyFiles _letters = new();
    private ModelStore _store = null!;
    private BatchPipeline _pipeline = null!;
    private PipelineOptions _options = null!;
    private int _largest;

    public async Task RunAsync(int lives)
    {
        _senders.AddRange(Enumerable.Range(0, 3).Select(i => new ModelSender((ulong)i, new Random(_random.Next()))));
        _store = new ModelStore(_files, new Random(_random.Next()));
        await StartAsync();
        for (var life = 0; life < lives; life++)
        {
            await LiveAsync();
            var old = _pipeline;
            Crash();
            await StartAsync();
            await old.DisposeAsync();
            await SettleAsync();
            Check($"life {life}");
        }

        _store.IsCalm = true;
        foreach (var batch in _senders.SelectMany(sender => sender.Everything()))
        {
            while (!await SendAsync(_pipeline, batch, givesUp: false))
            {
                await SettleAsync();
            }
        }

        await SettleAsync();
        Check("the end");
        var counts = _pipeline.Counters.Live;
        (counts.Pending, counts.Dead, counts.Dropped, counts.IsConsistent).ShouldBe((0, 0, 0, true));
        _store.Names.Order(StringComparer.Ordinal).ShouldBe(
            _senders.SelectMany(sender => sender.Sent.Keys).Order(StringComparer.Ordinal), $"seed {seed}");
        await _pipeline.DisposeAsync();
    }

    private async Task StartAsync()
    {
        var log = new WriteAheadLog(_files, new WalOptions { FileBytes = 2 << 10 }, TimeProvider.System, (_, _) => { });
        _options = new PipelineOptions
        {
            GroupBatches = _random.Next(1, 6),
            GroupBytes = 4 << 10,
            MaxUndeliveredBatches = _random.Next(1, 8),
            MaxUndeliveredBytes = _random.Next(200, 4_000),
            SpillBytes = _random.Next(3) == 0 ? 0 : _random.Next(2_000, 60_000),
            Acknowledge = (AcknowledgeWhen)_random.Next(2),
            HoldFor = TimeSpan.FromMilliseconds(50),
        };
        if (_options.SpillBytes > 0 && _random.Next(2) == 0)
        {
            _store.Stall();
        }

        var starting = BatchPipeline.StartAsync(
            _store,
            _store.Positions,
            log,
            new DeadLetters(_letters, 1 << 20, TimeProvider.System),
            _options,
            TimeProvider.System,
            NullLogger.Instance,
            TestContext.Current.CancellationToken);
        while (!starting.IsCompleted)
        {
            _store.StoreOne();
            await Task.Yield();
        }

        _pipeline = await starting;
    }

    /// <summary>Until what was written is stored.</summary>
    private async Task SettleAsync()
    {
        _store.GoOn();
        await UntilAsync(() => _pipeline.Counters.Live.Pending + _pipeline.Counters.Recovered.Pending == 0);
    }

    /// <summary>The store goes on meanwhile, unless it stalls.</summary>
    private async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            _store.StoreOne();
            CheckCounts();
            await Task.Yield();
        }
    }

    private void CheckCounts()
    {
        _pipeline.Counters.Live.IsConsistent.ShouldBeTrue($"seed {seed}");
        _pipeline.Counters.Recovered.IsConsistent.ShouldBeTrue($"seed {seed}");
        var group = _options.SpillBytes == 0 ? Math.Max(_largest, _options.GroupBytes) : _largest;
        _pipeline.UndeliveredBytes.ShouldBeInRange(0, _options.MaxUndeliveredBytes + group, $"seed {seed}");
    }

    private async Task LiveAsync()
    {
        var sending = new List<Task>();
        var steps = _random.Next(1, 25);
        for (var step = 0; step < steps; step++)
        {
            _files.Atomically(Disturb);
            sending.Add(SendAsync(_pipeline, _senders[_random.Next(_senders.Count)].Next(), _random.Next(10) == 0));
            if (_random.Next(4) == 0)
            {
                var sent = Task.WhenAll(sending);
                await UntilAsync(() => sent.IsCompleted);
                await sent;
            }

            CheckCounts();
        }
    }

    /// <summary>The disk fills, fails, and is well again; so does the store.</summary>
    private void Disturb()
    {
        switch (_random.Next(20))
        {
            case 0:
                _files.FreeBytes = _random.Next(600);
                break;
            case 1:
                _files.FailNextWriteAfter = _random.Next(600);
                break;
            case 2:
                _files.FailTruncate = true;
                break;
            case 3:
                _files.FailFlush = _random.Next(5) == 0;
                break;
            case 4:
                _store.Stall();
                break;
            case 5 or 6:
                _store.GoOn();
                break;
            case < 12:
                _store.StoreOne();
                (_files.FreeBytes, _files.FailTruncate) = (long.MaxValue, false);
                break;
        }
    }

    private async Task<bool> SendAsync(BatchPipeline pipeline, RecordBatch batch, bool givesUp)
    {
        var (acknowledged, store, options) = (_acknowledgedInThisLife, _store, _options);
        _largest = Math.Max(_largest, batch.Bytes.Length);
        using var caller = new CancellationTokenSource();
        var accepting = pipeline.AcceptAsync(batch, caller.Token);
        if (givesUp)
        {
            await caller.CancelAsync();
        }

        try
        {
            var result = await accepting;
            result.Accepted.ShouldBe(batch.Count);
            if (options.Acknowledge == AcknowledgeWhen.Stored)
            {
                store.HasStored(Batches.Names(batch)).ShouldBeTrue($"acknowledged as stored, seed {seed}");
            }

            foreach (var name in Batches.Names(batch))
            {
                acknowledged[name] = 0;
            }

            return true;
        }
        catch (Exception e) when (
            e is WalUnavailableException or PipelineFullException or NotYetStoredException or OperationCanceledException)
        {
            // Not acknowledged; it may come again or not.
            return false;
        }
    }

    private void Crash()
    {
        var (oldFiles, oldStore) = (_files, _store);
        oldFiles.Atomically(() =>
        {
            _files = _random.Next(3) switch
            {
                0 => oldFiles.AfterKill(),
                1 => oldFiles.AfterPowerLoss(),
                _ => oldFiles.AfterPowerLoss(_random),
            };
            _letters = _letters.AfterKill();
            _store = oldStore.AfterCrash(_files);

            // What the dead process answers after this instant nobody hears.
            _acknowledged.UnionWith(_acknowledgedInThisLife.Keys);
            _acknowledgedInThisLife = [];
        });
        oldFiles.ChangedAfterFailedFlush.ShouldBeFalse($"seed {seed}");
        oldStore.Fault.ShouldBeNull($"seed {seed}");
    }

    private void Check(string when)
    {
        var names = _store.Names;
        _store.Fault.ShouldBeNull($"seed {seed}, {when}");
        names.Distinct().Count().ShouldBe(names.Length, $"stored twice, seed {seed}, {when}");
        names.Except(_senders.SelectMany(sender => sender.Sent.Keys)).ShouldBeEmpty($"never sent, seed {seed}, {when}");
        _acknowledged.Except(names).ShouldBeEmpty($"acknowledged and lost, seed {seed}, {when}");
    }
}
