using System.Runtime.CompilerServices;
using Bitacora.Records;

namespace Bitacora.Client.Draining;

/// <summary>A number for each level.</summary>
[InlineArray(Size)]
internal struct LevelCounts
{
    public const int Size = (int)Level.Critical + 1;

    private long _first;

    public readonly long Total
    {
        get
        {
            long total = 0;
            foreach (var count in this)
            {
                total += count;
            }

            return total;
        }
    }

    public static LevelCounts operator +(in LevelCounts left, in LevelCounts right)
    {
        var sum = left;
        for (var i = 0; i < Size; i++)
        {
            sum[i] += right[i];
        }

        return sum;
    }

    public static LevelCounts operator -(in LevelCounts left, in LevelCounts right)
    {
        var rest = left;
        for (var i = 0; i < Size; i++)
        {
            rest[i] -= right[i];
        }

        return rest;
    }

    /// <summary>The levels of a batch's records.</summary>
    public static LevelCounts Of(RecordBatch batch)
    {
        var counts = default(LevelCounts);
        foreach (var record in batch)
        {
            counts[(int)record.Level]++;
        }

        return counts;
    }

    public void Add(Level level) => this[Math.Min((int)level, Size - 1)]++;
}
