using System.Collections.Concurrent;
using Bitacora.Records;

namespace Bitacora.Delivery.Tests.Model;

/// <summary>Makes batches under one sender's origins: new records, whole repeats, overlaps.</summary>
internal sealed class ModelSender(ulong sender, Random random)
{
    private static readonly Origin[] Origins = [Batches.First, Batches.Second];
    private readonly ulong[] _next = new ulong[2];

    /// <summary>All that was ever in a batch that was sent.</summary>
    public ConcurrentDictionary<string, byte> Sent { get; } = [];

    public RecordBatch Next()
    {
        var builder = new RecordBatchBuilder(new SenderId(sender), RecordLimits.Default, TimeProvider.System);
        var origins = random.Next(4) == 0 ? [0, 1] : new[] { random.Next(2) };
        foreach (var origin in origins)
        {
            var first = random.Next(3) switch
            {
                0 => _next[origin] - (ulong)random.NextInt64((long)Math.Min(_next[origin], 12) + 1),
                _ => _next[origin],
            };
            var end = first + 1 + (ulong)random.Next(random.Next(10) == 0 ? 40 : 6);
            _next[origin] = Math.Max(_next[origin], end);
            Batches.Add(builder, Origins[origin], Positions(first, end));
        }

        var batch = builder.Freeze();
        foreach (var name in Batches.Names(batch))
        {
            Sent[name] = 0;
        }

        return batch;
    }

    /// <summary>All that was sent so far, once more, so that at the end everything was acknowledged.</summary>
    public IEnumerable<RecordBatch> Everything()
    {
        for (var origin = 0; origin < _next.Length; origin++)
        {
            for (var first = 0UL; first < _next[origin]; first += 50)
            {
                yield return Batches.Of(Origins[origin], Positions(first, Math.Min(first + 50, _next[origin])), sender);
            }
        }
    }

    private static IEnumerable<ulong> Positions(ulong first, ulong end)
    {
        for (var position = first; position < end; position++)
        {
            yield return position;
        }
    }
}
