using System.Runtime.InteropServices;
using Bitacora.Records;

namespace Bitacora.Delivery.Positions;

/// <summary>
/// Which positions were taken, per sender and origin. Changed by one thread, which may also look without the lock; others read copies.
/// </summary>
internal sealed class PositionTable
{
    private readonly Dictionary<(SenderId Sender, Origin Origin), PositionIntervals> _origins = [];
    private readonly int _maxOrigins;
    private readonly int _maxRanges;

    // Guards changes against Of, which any thread may call.
    private readonly Lock _gate = new();

    public PositionTable(int maxOrigins, int maxRanges) => (_maxOrigins, _maxRanges) = (maxOrigins, maxRanges);

    public int Count => _origins.Count;

    /// <summary>How many ranges and origins were forgotten for lack of room.</summary>
    public long Forgotten { get; private set; }

    /// <summary>The intervals of an origin, or null; for the changing thread.</summary>
    public PositionIntervals? Find(SenderId sender, Origin origin) => _origins.GetValueOrDefault((sender, origin));

    /// <summary>Takes what a batch covers.</summary>
    public void Add(RecordBatch batch, long now)
    {
        lock (_gate)
        {
            foreach (var origin in batch.Origins)
            {
                AddRange(batch.Sender, origin.Origin, origin.First, origin.End, now);
            }

            BoundOrigins();
        }
    }

    /// <summary>Takes ranges that are known from elsewhere.</summary>
    public void Add(OriginPositions positions)
    {
        lock (_gate)
        {
            foreach (var range in positions.Ranges)
            {
                AddRange(positions.Sender, positions.Origin, range.First, range.End, positions.LastSeen);
            }

            BoundOrigins();
        }
    }

    /// <summary>The origins of a batch of which nothing was new were seen.</summary>
    public void Touch(RecordBatch batch, long now)
    {
        lock (_gate)
        {
            foreach (var origin in batch.Origins)
            {
                if (_origins.TryGetValue((batch.Sender, origin.Origin), out var intervals))
                {
                    intervals.LastSeen = Math.Max(intervals.LastSeen, now);
                }
            }
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _origins.Clear();
        }
    }

    /// <summary>Forgets origins that were last seen before a time.</summary>
    public void ForgetBefore(long time)
    {
        lock (_gate)
        {
            foreach (var (key, intervals) in _origins)
            {
                if (intervals.LastSeen < time)
                {
                    _origins.Remove(key);
                }
            }
        }
    }

    /// <summary>A copy of what is known of an origin, one a sender, by sender.</summary>
    public IReadOnlyList<OriginPositions> Of(Origin origin)
    {
        lock (_gate)
        {
            return
            [
                .. _origins.Where(entry => entry.Key.Origin == origin).OrderBy(entry => entry.Key.Sender.Value).Select(entry =>
                    new OriginPositions(entry.Key.Sender, origin, [.. entry.Value.Ranges], entry.Value.LastSeen)),
            ];
        }
    }

    private void AddRange(SenderId sender, Origin origin, ulong first, ulong end, long now)
    {
        ref var intervals = ref CollectionsMarshal.GetValueRefOrAddDefault(_origins, (sender, origin), out _);
        intervals ??= new PositionIntervals();
        intervals.LastSeen = Math.Max(intervals.LastSeen, now);
        Forgotten += intervals.Add(first, end, _maxRanges) > 0 ? 1 : 0;
    }

    private void BoundOrigins()
    {
        if (_origins.Count <= _maxOrigins)
        {
            return;
        }

        // A sixteenth at once: finding the longest unseen walks all of them.
        var count = _origins.Count - _maxOrigins + (_maxOrigins / 16);
        foreach (var (key, _) in _origins.OrderBy(entry => entry.Value.LastSeen).Take(count).ToList())
        {
            _origins.Remove(key);
        }

        Forgotten += count;
    }
}
