namespace Bitacora.Benchmarks.Corpus;

/// <summary>SplitMix64: a small generator whose sequence is the same on every machine and version.</summary>
internal struct SplitMix(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A generator that depends on both numbers only, so that any row can be made without those before it.</summary>
    public static SplitMix For(ulong seed, long index) => new(new SplitMix(seed ^ ((ulong)index * 0xD1342543DE82EF95)).Next());

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    public int Next(int bound) => (int)((UInt128)Next() * (uint)bound >> 64);

    /// <summary>From 0 inclusive to 1 exclusive.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));
}
