using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Bitacora.Benchmarks.Runs;

/// <summary>
/// How much slower the processors are than at their best: a virtual processor shares its core with a neighbour whom it does not see, and
/// then the same work costs half as much again. On each processor a thread of its own does the same work for half a millisecond, twice a
/// second, and takes its processor time: a five-hundredth of what it watches, and in what this process is measured to have used.
/// </summary>
internal sealed partial class ProcessorSpeed : IDisposable
{
    private const int ThreadClock = 3;
    private const int Turns = 600_000;
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _ended = new();

    // Guards the samples, milliseconds each, and how many of them were there at the last reading.
    private readonly Lock _lock = new();
    private readonly List<double> _samples = [];
    private int _read;

    public ProcessorSpeed()
    {
        // What the first calls compile is not measured.
        _ = Sample();
        for (var i = 0; i < Environment.ProcessorCount; i++)
        {
            var processor = i;
            new Thread(() => Run(processor)) { IsBackground = true, Name = $"speed of processor {i}" }.Start();
        }
    }

    /// <summary>The mean of all processors since the last call, in milliseconds of the same work.</summary>
    public double MeanSinceLast()
    {
        lock (_lock)
        {
            var mean = _samples.Skip(_read).DefaultIfEmpty(double.NaN).Average();
            _read = _samples.Count;
            return mean;
        }
    }

    /// <summary>What a twentieth of all samples did not need: the processors undisturbed.</summary>
    public double Best()
    {
        lock (_lock)
        {
            return _samples.Order().ElementAtOrDefault(_samples.Count / 20);
        }
    }

    public void Dispose() => _ended.Cancel();

    private void Run(int processor)
    {
        var mask = 1UL << processor;
        if (SetAffinity(0, sizeof(ulong), ref mask) != 0)
        {
            return;
        }

        while (!_ended.Token.WaitHandle.WaitOne(_pause))
        {
            var took = Sample();
            lock (_lock)
            {
                _samples.Add(took);
            }
        }
    }

    private static double Sample()
    {
        var start = ThreadMilliseconds();
        Work();
        return ThreadMilliseconds() - start;
    }

    /// <summary>Additions that do not wait for each other: what a neighbour on the same core takes from first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static ulong Work()
    {
        ulong a = 1, b = 2, c = 3, d = 4, e = 5, f = 6;
        for (ulong i = 0; i < Turns; i++)
        {
            a += i;
            b ^= i;
            c += i;
            d ^= i;
            e += i;
            f ^= i;
        }

        return a ^ b ^ c ^ d ^ e ^ f;
    }

    private static double ThreadMilliseconds()
    {
        _ = ClockGetTime(ThreadClock, out var time);
        return (time.Seconds * 1e3) + (time.Nanoseconds / 1e6);
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int thread, nuint size, ref ulong mask);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
