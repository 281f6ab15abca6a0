using System.Collections.Concurrent;
using Bitacora.Records;
using Bitacora.Testing.Files;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bitacora.Delivery.Tests.Model;

/// <summary>
/// One life of a data directory: senders send and repeat, the disk fails, the process dies and starts again. After each start everything
/// that was acknowledged is stored once, and nothing is stored that was not sent.
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
            Check($"life {life}");
        }

        foreach (var batch in _senders.SelectMany(sender => sender.Everything()))
        {
            await _pipeline.AcceptAsync(batch, TestContext.Current.CancellationToken);
        }

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
        _pipeline = await BatchPipeline.StartAsync(
            _store,
            _store.Positions,
            log,
            new DeadLetters(_letters, 1 << 20, TimeProvider.System),
            new PipelineOptions { GroupBatches = _random.Next(1, 6), MaxUndeliveredBatches = _random.Next(1, 8) },
            TimeProvider.System,
            NullLogger.Instance,
            TestContext.Current.CancellationToken);
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
                await Task.WhenAll(sending);
            }

            _pipeline.Counters.Live.IsConsistent.ShouldBeTrue($"seed {seed}");
        }
    }

    /// <summary>The disk fills, fails, and is well again.</summary>
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
            case < 10:
                (_files.FreeBytes, _files.FailTruncate) = (long.MaxValue, false);
                break;
        }
    }

    private async Task SendAsync(BatchPipeline pipeline, RecordBatch batch, bool givesUp)
    {
        var acknowledged = _acknowledgedInThisLife;
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
            foreach (var name in Batches.Names(batch))
            {
                acknowledged[name] = 0;
            }
        }
        catch (Exception e) when (e is WalUnavailableException or PipelineFullException or OperationCanceledException)
        {
            // Not acknowledged; it may come again or not.
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
