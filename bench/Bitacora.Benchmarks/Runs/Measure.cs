using System.Diagnostics;
using System.Globalization;

namespace Bitacora.Benchmarks.Runs;

/// <summary>Wall time, processor time and medians.</summary>
internal static class Measure
{
    /// <summary>Runs something once and gives its wall time and the processor time of this process.</summary>
    public static (TimeSpan Wall, TimeSpan Cpu) Once(Action action)
    {
        var cpu = ProcessorTime(Environment.ProcessId);
        var clock = Stopwatch.StartNew();
        action();
        return (clock.Elapsed, ProcessorTime(Environment.ProcessId) - cpu);
    }

    public static TimeSpan ProcessorTime(int processId)
    {
        using var process = Process.GetProcessById(processId);
        return process.TotalProcessorTime;
    }

    /// <summary>Medians of two actions run in turns, in milliseconds; the first run of each is thrown away.</summary>
    public static async Task<(double First, double Second)> MediansMsAsync(int runs, Func<Task> first, Func<Task> second)
    {
        await first();
        await second();
        var (firstTimes, secondTimes) = (new double[runs], new double[runs]);
        for (var i = 0; i < runs; i++)
        {
            firstTimes[i] = await TimeMsAsync(first);
            secondTimes[i] = await TimeMsAsync(second);
        }

        Array.Sort(firstTimes);
        Array.Sort(secondTimes);
        return (firstTimes[runs / 2], secondTimes[runs / 2]);
    }

    public static void Row(string name, FormattableString value) =>
        Console.WriteLine($"| {name} | {value.ToString(CultureInfo.InvariantCulture)} |");

    private static async Task<double> TimeMsAsync(Func<Task> action)
    {
        var clock = Stopwatch.StartNew();
        await action();
        return clock.Elapsed.TotalMilliseconds;
    }
}
