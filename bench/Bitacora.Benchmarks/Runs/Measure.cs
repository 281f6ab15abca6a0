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

    /// <summary>Median of the warm runs, in milliseconds; the first run is thrown away.</summary>
    public static async Task<double> MedianMsAsync(int runs, Func<Task> action)
    {
        await action();
        var times = new double[runs];
        for (var i = 0; i < runs; i++)
        {
            var clock = Stopwatch.StartNew();
            await action();
            times[i] = clock.Elapsed.TotalMilliseconds;
        }

        Array.Sort(times);
        return times[runs / 2];
    }

    public static void Row(string name, FormattableString value) =>
        Console.WriteLine($"| {name} | {value.ToString(CultureInfo.InvariantCulture)} |");
}
